import { mapValues } from '../../lib/map-values.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { canonicalApiName } from '../../microsoft/well-known-apis.ts'
import { exposedIds } from './derived-ids.ts'
import type { AppDeclaration } from './schema.ts'

export type PermissionKind = 'application' | 'delegated'

export const PERMISSION_KINDS: readonly PermissionKind[] = ['application', 'delegated']

/** Permissions of one API as declared: by name, or by id. */
export interface ApiPermissions {
  readonly application: readonly string[]
  readonly delegated: readonly string[]
}

/** Ids of the permissions that an API publishes, by name. */
export type PublishedIds = Readonly<Record<PermissionKind, Readonly<Record<string, string>>>>

/** A permission that an API publishes. */
export interface PublishedPermission {
  readonly kind: PermissionKind
  readonly name: string
  readonly id: string
}

/** What a name or an id stands for among the permissions of one kind; `undefined` when nobody publishes it. */
export function findPermission(
  reference: string,
  kind: PermissionKind,
  published: PublishedIds,
): PublishedPermission | undefined {
  const ids = published[kind]
  const id = Object.hasOwn(ids, reference) ? ids[reference] : undefined
  if (id !== undefined) return { kind, name: reference, id }
  if (!isGuid(reference)) return undefined
  const wanted = reference.toLowerCase()
  const [found] = Object.entries(ids).filter(([, each]) => each.toLowerCase() === wanted)
  return found && { kind, name: found[0], id: found[1] }
}

/** Why a reference of the other kind is wrong here, with what to write instead; `undefined` when it is not one. */
export function describeOtherKind(
  reference: string,
  kind: PermissionKind,
  api: string,
  published: PublishedIds,
): { readonly message: string; readonly fix: string } | undefined {
  const other = findPermission(reference, otherKind(kind), published)
  if (!other) return undefined
  const move = `it exists as ${other.kind} permission: move it there`
  if (!isGuid(reference)) {
    return { message: `${api} has no ${kind} permission "${reference}"`, fix: move }
  }
  const message = `${reference} is the id of the ${other.kind} permission ${other.name} of ${api}, but is listed under "${kind}"`
  const twin = Object.hasOwn(published[kind], other.name)
  return { message, fix: twin ? `write the name "${other.name}", or move it to ${other.kind}` : move }
}

function otherKind(kind: PermissionKind): PermissionKind {
  return kind === 'application' ? 'delegated' : 'application'
}

/** Each permission by its name, once; an id that the API does not publish stays an id, in lower case. */
export function namedPermissions(declared: ApiPermissions, published: PublishedIds): ApiPermissions {
  const named = (kind: PermissionKind) =>
    unique(declared[kind].map((each) => findPermission(each, kind, published)?.name ?? plain(each)))
  return { application: named('application'), delegated: named('delegated') }
}

function plain(reference: string): string {
  return isGuid(reference) ? reference.toLowerCase() : reference
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** What an application of the stack publishes itself. */
export function publishedByStackApp(name: string, app: AppDeclaration): PublishedIds {
  const { appRoles, scopes } = exposedIds(name, app)
  return { application: appRoles, delegated: scopes }
}

/**
 * The application with every reference by the one name that it has: APIs, their permissions, its own roles and scopes.
 * What reads the declaration after this compares names only.
 *
 * @param apps the whole stack
 * @param publishedOf what an API outside the stack publishes, by its canonical name; `undefined` where that is unknown
 */
export function resolveReferences(
  name: string,
  app: AppDeclaration,
  apps: Readonly<Record<string, AppDeclaration>>,
  publishedOf: (api: string) => PublishedIds | undefined,
): AppDeclaration {
  const own = publishedByStackApp(name, app)
  const resolved = (declared: Readonly<Record<string, ApiPermissions>>) => {
    const apis: Record<string, { application: string[]; delegated: string[] }> = {}
    for (const [api, permissions] of Object.entries(declared)) {
      const isOwn = Object.hasOwn(apps, api)
      const key = isOwn ? api : canonicalApiName(api)
      const published = isOwn ? publishedByStackApp(api, apps[api] as AppDeclaration) : publishedOf(key)
      const named = published ? namedPermissions(permissions, published) : permissions
      apis[key] = {
        application: unique([...(apis[key]?.application ?? []), ...named.application]),
        delegated: unique([...(apis[key]?.delegated ?? []), ...named.delegated]),
      }
    }
    return apis
  }
  return {
    ...app,
    permissions: resolved(app.permissions),
    ...(app.consented && { consented: resolved(app.consented) }),
    assignments: app.assignments.map((each) =>
      each.role === undefined
        ? each
        : { ...each, role: findPermission(each.role, 'application', own)?.name ?? each.role },
    ),
    preAuthorizedClients: mapValues(app.preAuthorizedClients, (scopes) =>
      unique(scopes.map((each) => findPermission(each, 'delegated', own)?.name ?? each)),
    ),
  }
}
