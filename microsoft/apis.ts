import { readFileSync } from 'node:fs'

/** App id of Microsoft Graph, the same in every tenant. */
export const MICROSOFT_GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

/** One of Microsoft's own APIs with its published permissions ("Microsoft Graph permissions reference" and its like). */
export interface PublishedApi {
  readonly appId: string
  readonly displayName: string
  readonly identifierUris: readonly string[]
  /** Application permissions: name → id. */
  readonly application: { readonly [name: string]: string }
  /** Delegated permissions: name → id. */
  readonly delegated: { readonly [name: string]: string }
  /** Delegated permissions that a user may consent to; the others need an administrator. */
  readonly userConsent?: readonly string[]
}

/** The APIs whose permissions are known here: Microsoft Graph, then the others. */
export function publishedApis(): readonly PublishedApi[] {
  return [
    readJson('microsoft-graph.json') as PublishedApi,
    ...(readJson('microsoft-apis.json') as readonly PublishedApi[]),
  ]
}

/** The day of which the permissions are known, such as `2026-08-20`. `npm run catalogue` renews them. */
export function catalogueDate(): string {
  asOf ??= (readJson('catalogue.json') as { readonly asOf: string }).asOf
  return asOf
}

/** Read once: thousands of findings may name it. */
let asOf: string | undefined

/** The same by display name and by app id: declarations may use either. */
export function publishedApisByName(): ReadonlyMap<string, PublishedApi> {
  return new Map(
    publishedApis().flatMap((api) => [
      [api.displayName, api],
      [api.appId, api],
    ]),
  )
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`permissions/${file}`, import.meta.url), 'utf8'))
}
