import { suggest } from '../../lib/nearest.ts'
import { catalogueDate } from '../../microsoft/apis.ts'
import { isGuid } from '../../microsoft/guid.ts'
import {
  appIdOf,
  canonicalApiName,
  SHAREPOINT_APP_ID,
  WELL_KNOWN_APP_IDS,
} from '../../microsoft/well-known-apis.ts'
import {
  describeOtherKind,
  findPermission,
  PERMISSION_KINDS,
  type PermissionKind,
  type PublishedIds,
  publishedByStackApp,
} from '../declaration/permission-references.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { ofStack } from './of-stack.ts'
import { type Rule, type RuleContext, repeated, type Violation } from './rule.ts'

const GRANTING = 'Grant or revoke API permissions programmatically'

const API_BY_ID =
  'give its app id: a display name may be misspelt, and several service principals may have the same one'

/** Application permissions of Microsoft Graph whose holder can give itself any other. */
export const ESCALATING_PERMISSIONS: Readonly<Record<string, string>> = {
  'AppRoleAssignment.ReadWrite.All': 'it can grant itself any permission, and so become Global Administrator',
  'RoleManagement.ReadWrite.Directory': 'it can make itself Global Administrator',
  'Application.ReadWrite.All': 'it can add a secret to any application, and act as that',
  'Directory.ReadWrite.All': 'it can change almost everything in the directory',
}

const knownApis = ofStack(
  (apps, { catalogue, incomplete = [] }) =>
    new Set([
      ...catalogue.keys(),
      ...Object.keys(WELL_KNOWN_APP_IDS),
      ...Object.keys(apps),
      // Of an application that cannot be read the name is known all the same.
      ...incomplete,
    ]),
)

/** Rules about the permissions the application asks for. */
export const permissionRules: readonly Rule[] = [
  {
    code: 'EA606',
    name: 'permission-twice',
    severity: 'error',
    summary: 'A permission is listed once.',
    fix: 'keep one of the two',
    source: 'requiredResourceAccess resource type',
    check: (app, context) =>
      repeated(referencesOf(app, context), ({ setting, api, kind, name }) =>
        [setting, api, kind, name].join('\n'),
      ).map(([{ path, reference }, first]) => ({
        path,
        message:
          reference === first.reference
            ? `"${reference}" is listed twice`
            : `"${reference}" and "${first.reference}" are the same permission`,
        found: reference,
      })),
  },
  {
    code: 'EA607',
    name: 'permission-escalates',
    severity: 'warning',
    summary: 'No application permission lets the application give itself others.',
    fix: 'ask for a narrower one (Application.ReadWrite.OwnedBy covers objects of its own), or suppress this with the reason',
    source: GRANTING,
    check: (app, context) =>
      uniqueBy(
        referencesOf(app, context).filter(
          ({ api, kind, name }) =>
            api === 'Microsoft Graph' &&
            kind === 'application' &&
            Object.hasOwn(ESCALATING_PERMISSIONS, name),
        ),
        ({ name }) => name,
      ).map(({ path, name, reference }) => ({
        path,
        message: `with ${name}, ${ESCALATING_PERMISSIONS[name]}`,
        found: reference,
      })),
  },
  {
    code: 'EA609',
    name: 'permission-published',
    severity: 'warning',
    summary: 'A permission of a Microsoft API is one that Microsoft publishes.',
    fix: 'correct the name; the deployment asks the tenant itself, and is right where this list is old',
    source: 'Microsoft Graph permissions reference',
    check: (app, context) =>
      referencesOf(app, context).flatMap(({ path, reference, kind, apiReference, published }) => {
        if (!published || findPermission(reference, kind, published)) return []
        // An API of which no permission of this kind is known may have some all the same.
        const known = namesIn(published[kind])
        if (known.length === 0) return []
        // What the stack's own applications lack is EA702.
        if (Object.hasOwn(context.apps, apiReference)) return []
        const misplaced = describeOtherKind(reference, kind, apiReference, published)
        // The id of another kind is EA611.
        if (misplaced && isGuid(reference)) return []
        const fix =
          misplaced?.fix ?? suggest(reference, known, `look the name up in the reference of ${apiReference}`)
        return [
          {
            path,
            message: `${apiReference} published no ${kind} permission "${reference}" on ${catalogueDate()}`,
            fix,
            found: reference,
          },
        ]
      }),
  },
  {
    code: 'EA610',
    name: 'api-known',
    severity: 'warning',
    summary: 'The name of an API is not almost that of one of Microsoft or of this stack.',
    fix: API_BY_ID,
    source: 'Application and service principal objects in Microsoft Entra ID',
    check: ({ permissions, consented = {} }, context) => {
      if (context.catalogue.size === 0) return []
      const known = knownApis(context)
      return Object.entries({ permissions, consented }).flatMap(([setting, asked]) =>
        Object.keys(asked)
          .filter((api) => appIdOf(api) === undefined && !known.has(api))
          .flatMap((api) => {
            const fix = suggest(api, known, API_BY_ID)
            const message = `Microsoft publishes no API "${api}", and the stack has no application of that name`
            return fix === API_BY_ID ? [] : [{ path: [setting, api], message, fix, found: api }]
          }),
      )
    },
  },
  {
    code: 'EA611',
    name: 'permission-kind',
    severity: 'error',
    summary: 'The id of a permission is of the kind it is listed under.',
    fix: 'write the name instead of the id; application and delegated permissions of one name have different ids',
    source: 'resourceAccess resource type',
    check: (app, context) =>
      referencesOf(app, context).flatMap(({ path, reference, kind, apiReference, published }) => {
        if (!published || !isGuid(reference) || findPermission(reference, kind, published)) return []
        const misplaced = describeOtherKind(reference, kind, apiReference, published)
        return misplaced ? [{ path, ...misplaced, found: reference }] : []
      }),
  },
  {
    code: 'EA613',
    name: 'sharepoint-certificate',
    severity: 'warning',
    summary: "An application with application permissions of SharePoint's own API has a certificate.",
    fix: 'declare a certificate (certificates), or use Microsoft Graph, which takes client secrets',
    source: 'Granting access via Azure AD App-Only',
    check: ({ permissions, secrets, certificates, federatedCredentials }) => {
      const [api] = Object.keys(permissions).filter((each) => appIdOf(each) === SHAREPOINT_APP_ID)
      const others = Object.keys({ ...certificates, ...federatedCredentials })
      if (api === undefined || permissions[api]?.application.length === 0) return []
      if (Object.keys(secrets).length === 0 || others.length > 0) return []
      const message = `${api} answers 401 to app-only tokens that were got with a client secret`
      return [{ path: ['permissions', api, 'application'], message }]
    },
  },
  {
    code: 'EA612',
    name: 'api-twice',
    severity: 'error',
    summary: 'An API is listed once, under one of its names.',
    fix: 'put the permissions of both together, under one name',
    source: 'requiredResourceAccess resource type',
    check: (app, { apps }) =>
      (['permissions', 'consented'] as const).flatMap((setting) =>
        repeated(
          Object.keys(app[setting] ?? {}).filter((api) => !Object.hasOwn(apps, api)),
          canonicalApiName,
        ).map(([later, first]) => ({
          path: [setting, later],
          message: `"${later}" and "${first}" are the same API`,
          found: later,
        })),
      ),
  },
]

/** One permission as the declaration lists it, and what it stands for. */
interface Reference {
  readonly setting: 'permissions' | 'consented'
  readonly path: Violation['path']
  /** As written. */
  readonly apiReference: string
  readonly reference: string
  /** By its one name; an id that nobody publishes stays an id. */
  readonly api: string
  readonly name: string
  readonly kind: PermissionKind
  /** What the API publishes, where that is known. */
  readonly published: PublishedIds | undefined
}

/** Every permission that is asked for or consented to, each resolved once. */
function referencesOf(app: AppDeclaration, { apps, catalogue }: RuleContext): Reference[] {
  return (['permissions', 'consented'] as const).flatMap((setting) =>
    Object.entries(app[setting] ?? {}).flatMap(([apiReference, declared]) => {
      const own = Object.hasOwn(apps, apiReference) ? apps[apiReference] : undefined
      const api = own ? apiReference : canonicalApiName(apiReference)
      const published = own
        ? publishedByStackApp(apiReference, own)
        : catalogue.get(appIdOf(apiReference) ?? apiReference)
      return PERMISSION_KINDS.flatMap((kind) =>
        declared[kind].map((reference, i): Reference => {
          const found = published && findPermission(reference, kind, published)
          const name = found?.name ?? (isGuid(reference) ? reference.toLowerCase() : reference)
          const path = [setting, apiReference, kind, i]
          return { setting, path, apiReference, reference, api, name, kind, published }
        }),
      )
    }),
  )
}

/** Microsoft Graph has hundreds of names, and a stack may have thousands of misspelt ones. */
const namesByKind = new WeakMap<PublishedIds[PermissionKind], readonly string[]>()

function namesIn(permissions: PublishedIds[PermissionKind]): readonly string[] {
  const names = namesByKind.get(permissions) ?? Object.keys(permissions)
  namesByKind.set(permissions, names)
  return names
}

function uniqueBy<T>(entries: readonly T[], key: (entry: T) => string): T[] {
  return [...new Map(entries.toReversed().map((entry) => [key(entry), entry])).values()].toReversed()
}
