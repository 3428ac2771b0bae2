import { describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { loadMicrosoftApis } from '../../../tenant/directory/microsoft-apis.ts'
import { findRoute, routesOf, VERSIONS } from '../../../tenant/graph/find-route.ts'
import { routes } from '../../../tenant/graph/routes.ts'
import { entitySet, entitySets, setAt } from '../../../tenant/model/index.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/seed/seed.ts'

/** Steps that end a path without leading to an object. */
const ACTIONS = new Set([
  '$count',
  '$ref',
  'addPassword',
  'addTokenSigningCertificate',
  'updateAllowedCombinations',
  'checkMemberGroups',
  'delta',
  'getMemberGroups',
  'instantiate',
  'logo',
  'removePassword',
])

/** Addresses that lead to objects of any kind, or to whoever calls. */
const OTHER_STARTS = /^\/(directory\/deletedItems|directoryObjects|me)(\/|$)/

describe('the route table', () => {
  it('is what the router serves, under both versions', () => {
    for (const version of VERSIONS) {
      for (const route of routesOf(version)) {
        const keys = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
        const path = route.path.replaceAll(/\{(\w+)\}/g, '0-$1-0')
        expect(findRoute(version, route.method, `/${version}${path}`), route.path).toEqual({
          route,
          parameters: Object.fromEntries(keys.map((name) => [name, `0-${name}-0`])),
        })
      }
    }
    const betaOnly = routes.filter((route) => route.betaOnly)
    expect(betaOnly.length).toBeGreaterThan(0)
    for (const { method, path } of betaOnly) {
      expect(findRoute('v1.0', method, `/v1.0${path}`), path).toBeUndefined()
    }
  })

  it('names each route once, with a source', () => {
    const names = routes.map((route) => `${route.method} ${route.path}`)
    expect(new Set(names).size).toBe(names.length)
    for (const route of routes) expect(route.source, route.path).toMatch(/\w/)
  })

  it('asks for permissions that Microsoft Graph has', () => {
    const graph = loadMicrosoftApis().get(MICROSOFT_GRAPH_APP_ID)
    const known = new Set(
      [...(graph?.appRoles ?? []), ...(graph?.oauth2PermissionScopes ?? [])].map(({ value }) => value),
    )
    const asked = routes.flatMap((route) => route.allowed.flatMap(({ allOf }) => allOf))
    expect(asked.filter((permission) => !known.has(permission))).toEqual([])
    expect(LEAST_PRIVILEGE_DEPLOYER_ROLES.filter((permission) => !known.has(permission))).toEqual([])
    for (const route of routes) expect(route.allowed.length, route.path).toBeGreaterThan(0)
  })

  it('leads along the entity model', () => {
    for (const route of routes.filter(({ path }) => !OTHER_STARTS.test(path))) {
      const found = setAt(route.path.split('/').slice(1))
      let { set } = found
      for (const segment of found.rest) {
        if (segment.startsWith('{') || ACTIONS.has(segment)) continue
        if (route.operation === 'getProperty') {
          expect(set.properties, route.path).toHaveProperty(segment)
          break
        }
        const navigation = set.navigation[segment]
        expect(navigation, `${route.path} at ${segment}`).toBeDefined()
        if (navigation?.kind === 'inverse') set = entitySet(navigation.set)
        if (navigation?.kind !== 'inverse') break
      }
    }
  })
})

describe('the entity model', () => {
  it('indexes and navigates by properties that exist', () => {
    for (const set of entitySets.values()) {
      for (const index of [...set.indexes, ...(set.namedKeys ?? [])])
        expect(set.properties, `${set.name}.${index}`).toHaveProperty(index)
      for (const [name, navigation] of Object.entries(set.navigation)) {
        if (navigation.kind === 'through') {
          const { link } = navigation
          expect(entitySet(link.set).indexes).toEqual(expect.arrayContaining([link.holder, link.member]))
          expect(entitySet(link.of).indexes).toContain(link.holderKey)
          continue
        }
        const holders =
          navigation.kind === 'inverse'
            ? [entitySet(navigation.set)]
            : navigation.kind === 'referrers'
              ? navigation.from.map(entitySet)
              : [set]
        for (const holder of holders) {
          expect(holder.properties, `${set.name}.${name}`).toHaveProperty(navigation.property)
        }
        if (navigation.kind === 'inverse')
          expect(entitySet(navigation.set).indexes).toContain(navigation.property)
      }
    }
  })
})

describe('Microsoft’s published permissions', () => {
  it('have GUIDs for ids, each once in its kind', () => {
    for (const api of loadMicrosoftApis().values()) {
      for (const kind of [api.appRoles, api.oauth2PermissionScopes]) {
        const ids = kind.map(({ id }) => id)
        for (const id of [api.appId, ...ids])
          expect(id, api.displayName).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
        expect(new Set(ids).size, api.displayName).toBe(ids.length)
      }
    }
  })
})
