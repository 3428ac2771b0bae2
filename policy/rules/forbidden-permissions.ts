import { findPermission } from '../../infra/declaration/permission-references.ts'
import { ESCALATING_PERMISSIONS } from '../../infra/rules/permissions.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { permissionFact } from '../../microsoft/permission-reach.ts'
import { appIdOf, canonicalApiName } from '../../microsoft/well-known-apis.ts'
import {
  APPLICATION,
  applicationName,
  type Judged,
  type Policy,
  type PolicyContext,
  texts,
  violation,
} from '../policy.ts'

const ASSIGNMENT = 'azuread:index/appRoleAssignment:AppRoleAssignment'

type Kind = 'application' | 'delegated'

/** Words of the Graph resource ("resourceAccess resource type"). */
const KINDS: Readonly<Record<string, Kind>> = { Role: 'application', Scope: 'delegated' }

interface Forbidden {
  readonly api: string
  readonly appId: string
  readonly kind: Kind
  readonly name: string
  readonly id: string
}

const names = { type: 'array' as const, items: { type: 'string' as const }, default: [] }

/** By default those with which an application can give itself any other. */
export const forbiddenPermissions: Policy = {
  name: 'forbidden-permissions',
  description: 'No application asks for, or is granted, a forbidden permission.',
  enforcementLevel: 'mandatory',
  options: {
    forbidden: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { application: names, delegated: names },
        additionalProperties: false,
      },
      default: { 'Microsoft Graph': { application: Object.keys(ESCALATING_PERMISSIONS) } },
      description:
        'Permissions by API and name, as in a declaration; APIs that are not Microsoft’s by app id, with ids of permissions',
    },
  },
  judge: (resource, { options, permissions }) => {
    if (resource.type !== APPLICATION && resource.type !== ASSIGNMENT) return []
    const { forbidden, unknown } = resolve(options['forbidden'], permissions)
    const used = resource.type === APPLICATION ? asked(resource, forbidden) : granted(resource, forbidden)
    return [...unknown, ...used]
  },
}

/** Ids of what the option names. What it misspells would otherwise never be found. */
function resolve(option: unknown, permissions: PolicyContext['permissions']) {
  const forbidden: Forbidden[] = []
  const unknown: string[] = []
  for (const [api, listed] of Object.entries(
    (option ?? {}) as Record<string, Partial<Record<Kind, unknown>>>,
  )) {
    const known = permissions.get(appIdOf(api) ?? api)
    for (const kind of Object.values(KINDS)) {
      for (const name of texts(listed[kind])) {
        const found = known && findPermission(name, kind, known)
        const id = found?.id ?? (isGuid(name) ? name.toLowerCase() : undefined)
        const appId = known?.appId ?? api.toLowerCase()
        if (id !== undefined)
          forbidden.push({ api: canonicalApiName(api), appId, kind, name: found?.name ?? name, id })
        else unknown.push(misspelt(api, kind, name, known !== undefined))
      }
    }
  }
  return { forbidden, unknown }
}

function asked(resource: Judged, forbidden: readonly Forbidden[]): string[] {
  const apis = (resource.inputs['requiredResourceAccesses'] ?? []) as readonly {
    readonly resourceAppId: string
    readonly resourceAccesses: readonly { readonly id: string; readonly type: string }[]
  }[]
  return apis.flatMap(({ resourceAppId, resourceAccesses }) =>
    resourceAccesses.flatMap(({ id, type }) =>
      forbidden
        .filter(
          (each) =>
            each.appId === resourceAppId.toLowerCase() &&
            each.id === id.toLowerCase() &&
            each.kind === KINDS[type],
        )
        .map((each) => refusal(applicationName(resource), 'asks for', each)),
    ),
  )
}

/** A grant names the API by an object id of the tenant; the id of the permission alone is unique enough. */
function granted(resource: Judged, forbidden: readonly Forbidden[]): string[] {
  return forbidden
    .filter(({ kind, id }) => kind === 'application' && id === resource.inputs['appRoleId'])
    .map((each) => refusal(`The grant ${resource.name}`, 'gives', each))
}

function refusal(subject: string, verb: string, { api, kind, name }: Forbidden): string {
  const narrower = api === 'Microsoft Graph' ? permissionFact(kind, name)?.narrower : undefined
  const what = `${verb} ${name} of ${api} (${kind}), which the organisation forbids`
  return violation(subject, what, narrower ? `remove it; ${narrower}` : 'remove it')
}

function misspelt(api: string, kind: Kind, name: string, known: boolean): string {
  const what = known
    ? `names "${name}", which is not one of the ${kind} permissions of ${api}`
    : `names "${name}" of "${api}", which is not an API of Microsoft's`
  const fix = known ? 'correct the name' : 'give the app id of the API and the ids of its permissions'
  return violation('The setting "forbidden" of this policy', what, fix)
}
