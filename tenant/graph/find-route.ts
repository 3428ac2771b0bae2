import createRouter, { type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way'
import type { Route } from '../request/route.ts'
import { routes } from './routes.ts'

/** The versions of Graph, over one store. */
export const VERSIONS = ['v1.0', 'beta'] as const

export type Version = (typeof VERSIONS)[number]

/** How the tenant reads addresses; a login endpoint written with a slash at its end makes clients ask for `//tenant/…`. */
export const ADDRESSES = {
  caseSensitive: false,
  ignoreDuplicateSlashes: true,
  ignoreTrailingSlash: true,
  /** Longer than any key in a path; what is longer fits no route. */
  maxParamLength: 1024,
} as const

/** The route that serves a request, and the keys in its path by their names in the route. */
export interface FoundRoute {
  readonly route: Route
  readonly parameters: { readonly [name: string]: string }
}

/** The routes that a version serves. */
export function routesOf(version: Version): readonly Route[] {
  return version === 'beta' ? routes : routes.filter(({ betaOnly }) => !betaOnly)
}

/**
 * Finds the route of a Graph address in its plain spelling. Six hundred routes of Fastify's own took half of a tenant's start;
 * here the tree of a version is built when it is first asked.
 *
 * @param url with its version in front
 */
export function findRoute(version: Version, method: string, url: string): FoundRoute | undefined {
  const found = routerOf(version).find(method as HTTPMethod, url)
  if (found === null) return undefined
  return { route: found.store as Route, parameters: found.params as Record<string, string> }
}

const routers = new Map<Version, Instance<HTTPVersion.V1>>()

function routerOf(version: Version): Instance<HTTPVersion.V1> {
  const known = routers.get(version)
  if (known) return known
  const router = createRouter<HTTPVersion.V1>(ADDRESSES)
  for (const route of routesOf(version)) {
    const path = `/${version}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`
    router.on(route.method, path, notCalled, route)
  }
  routers.set(version, router)
  return router
}

/** The router wants a handler; what it finds is handled in one place. */
function notCalled(): void {}
