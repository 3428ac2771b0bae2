import type { ExistingObject } from '../../infra/contract/adoption.ts'
import { findDirectoryRole } from '../../microsoft/built-in-roles.ts'
import { object, objects, text, texts } from '../proof/directory/members.ts'
import type { DirectoryReader } from '../proof/directory/reader.ts'
import { roleAssignmentsOf } from '../proof/directory/role-assignments.ts'
import type { Plan, PlannedCreate } from '../stack/planned-changes.ts'
import { scopesOf } from './declare-permissions.ts'
import { existingFederation } from './existing-federation.ts'
import { type Inputs, type Lookup, objectIdIn, type Verdict } from './existing-lookup.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import { type Before, interruptedApplication, settingsIn } from './interrupted-application.ts'
import { quoted } from './read-registration.ts'

/** What there is of the objects that a deployment would create. */
export interface Existing {
  readonly takenOver: readonly (ExistingObject & {
    /** What it is, for people: a sentence without a full stop. */
    readonly title: string
  })[]
  /** Objects that differ from what is declared, each with the way out. */
  readonly conflicts: readonly string[]
  /** Why something could not be looked for. */
  readonly unread: readonly string[]
}

/** Scopes that every sign-in asks for: consent in the portal gives them beside what an application declares. */
const SIGN_IN_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access'])

/**
 * Looks for the objects that a deployment would create and Graph would refuse, because they are there: consent given in
 * the portal, a federated credential made by hand. Reads nothing when nothing of that kind would be created.
 */
export async function findExisting(
  { creates, servicePrincipals }: Pick<Plan, 'creates' | 'servicePrincipals'>,
  openReader: () => Promise<Pick<DirectoryReader, 'lists'>>,
  before: Before = { interrupted: new Set(), applications: new Map() },
): Promise<Existing> {
  const lookups = creates.flatMap((create) => {
    const lookup = lookupFor(create, servicePrincipals, before)
    return lookup ? [{ create, lookup }] : []
  })
  if (lookups.length === 0) return { takenOver: [], conflicts: [], unread: [] }
  const reader = await openReader()
  const paths = [...new Set(lookups.flatMap(({ lookup }) => (lookup.version ? [] : [lookup.path])))]
  const betaPaths = [...new Set(lookups.flatMap(({ lookup }) => (lookup.version ? [lookup.path] : [])))]
  const reads = [
    ...(paths.length > 0 ? await reader.lists(paths) : []),
    ...(betaPaths.length > 0 ? await reader.lists(betaPaths, 'beta') : []),
  ]
  const keys = [...paths, ...betaPaths.map((path) => `beta ${path}`)]
  const answers = new Map(keys.map((key, i) => [key, reads[i]!]))
  const judged = lookups.map(({ create, lookup: { path, version, judge } }) => {
    const answer = answers.get(version ? `${version} ${path}` : path)!
    return { create, verdict: answer.ok ? judge(answer.value) : undefined }
  })
  return {
    takenOver: judged.flatMap(({ create: { type, name }, verdict }) =>
      verdict && 'id' in verdict
        ? [
            {
              type,
              name,
              id: verdict.id,
              keep: [...(verdict.keep ?? [])],
              title: `${name}: ${verdict.title}`,
            },
          ]
        : [],
    ),
    conflicts: judged.flatMap(({ create: { name }, verdict }) =>
      verdict && 'conflict' in verdict ? [`${name}: ${verdict.conflict}`] : [],
    ),
    unread: [...answers].flatMap(([path, answer]) =>
      answer.ok ? [] : [`${path.replace(/\?.*/, '')}: ${answer.failure.code}: ${answer.failure.meaning}`],
    ),
  }
}

function lookupFor(
  { type, name, inputs }: PlannedCreate,
  stackPrincipals: ReadonlySet<string>,
  { interrupted, applications }: Before,
): Lookup | undefined {
  switch (type) {
    case IMPORTED_TYPES.application:
      return interrupted.has(name) ? interruptedApplication(inputs, applications) : undefined
    case IMPORTED_TYPES.assignment:
      return assignment(inputs, stackPrincipals)
    case IMPORTED_TYPES.directoryRole:
      return directoryRole(inputs)
    case IMPORTED_TYPES.grant:
      return grant(inputs)
    case IMPORTED_TYPES.federated:
    case IMPORTED_TYPES.flexible:
      return existingFederation(inputs)
    case IMPORTED_TYPES.identifierUri:
      return identifierUri(inputs)
    case IMPORTED_TYPES.preAuthorized:
      return preAuthorized(inputs)
    case IMPORTED_TYPES.servicePrincipal:
      return servicePrincipal(inputs)
    default:
      return undefined
  }
}

/** Read from the side that belongs to the stack: others may have thousands. */
function assignment(inputs: Inputs, stackPrincipals: ReadonlySet<string>): Lookup {
  const principal = text(inputs, 'principalObjectId')
  const resource = text(inputs, 'resourceObjectId')
  return {
    path: stackPrincipals.has(principal)
      ? `/servicePrincipals/${principal}/appRoleAssignments`
      : `/servicePrincipals/${resource}/appRoleAssignedTo`,
    judge: (found) => {
      const same = found.find(
        (each) =>
          text(each, 'principalId') === principal &&
          text(each, 'resourceId') === resource &&
          text(each, 'appRoleId') === text(inputs, 'appRoleId'),
      )
      return (
        same && {
          id: importId.assignment(resource, text(same, 'id')),
          title: `${text(same, 'principalDisplayName')} has this app role of ${text(same, 'resourceDisplayName')}`,
        }
      )
    },
  }
}

function directoryRole(inputs: Inputs): Lookup {
  const role = text(inputs, 'roleId')
  return {
    path: roleAssignmentsOf(text(inputs, 'principalObjectId')),
    judge: (found) => {
      const same = found.find((each) => each['roleDefinitionId'] === role && each['directoryScopeId'] === '/')
      return (
        same && {
          id: importId.directoryRole(text(same, 'id')),
          title: `the directory role ${findDirectoryRole(role)?.name ?? role} is assigned already`,
        }
      )
    },
  }
}

function grant(inputs: Inputs): Lookup {
  const client = text(inputs, 'servicePrincipalObjectId')
  return {
    path: `/servicePrincipals/${client}/oauth2PermissionGrants`,
    judge: (found) => {
      const same = found.find(
        (each) =>
          each['consentType'] === 'AllPrincipals' &&
          text(each, 'resourceId') === text(inputs, 'resourceServicePrincipalObjectId'),
      )
      return same && judgeScopes(text(same, 'id'), scopesOf(same), texts(inputs, 'claimValues'))
    },
  }
}

function judgeScopes(id: string, there: readonly string[], declared: readonly string[]): Verdict {
  const more = there.filter((scope) => !declared.includes(scope))
  const less = declared.filter((scope) => !there.includes(scope))
  const foreign = more.filter((scope) => !SIGN_IN_SCOPES.has(scope))
  if (foreign.length > 0) {
    return {
      conflict: `consent exists, for the whole tenant, and includes ${foreign.join(', ')}, which the declaration does not. Declare it too (permissions, or consented), or withdraw it first: Entra admin center, Enterprise applications, Permissions`,
    }
  }
  const changes = [
    ...(less.length > 0 ? [`; ${less.join(', ')} is added`] : []),
    ...(more.length > 0 ? [`; ${more.join(', ')} is withdrawn, since it is not declared`] : []),
  ]
  return {
    id: importId.grant(id),
    title: `consent to ${there.join(', ')}${changes.join('')}`,
    ...(changes.length > 0 && { keep: ['claimValues'] }),
  }
}

function identifierUri(inputs: Inputs): Lookup {
  const [objectId, uri] = [objectIdIn(inputs), text(inputs, 'identifierUri')]
  const filter = encodeURIComponent(`identifierUris/any(u:u eq '${quoted(uri)}')`)
  return {
    path: `/applications?$filter=${filter}&$select=id,appId,displayName`,
    judge: ([holder]) => {
      if (!holder) return undefined
      if (text(holder, 'id') !== objectId) {
        return {
          conflict: `the identifier URI ${uri} belongs to ${text(holder, 'displayName')} (client id ${text(holder, 'appId')}), and can belong to one application only. Choose another one, or remove it there first (Expose an API)`,
        }
      }
      const id = importId.identifierUri(objectId, uri)
      if (id !== undefined) return { id, title: `identifier URI ${uri}` }
      return {
        conflict: `the application has the identifier URI ${uri} already, and the azuread provider cannot import it. Remove it first (Expose an API)`,
      }
    },
  }
}

function preAuthorized(inputs: Inputs): Lookup {
  const [objectId, client] = [objectIdIn(inputs), text(inputs, 'authorizedClientId')]
  return {
    path: `/applications?$filter=${encodeURIComponent(`id eq '${objectId}'`)}&$select=id,api`,
    judge: ([application]) => {
      const clients = objects(object(application, 'api'), 'preAuthorizedApplications')
      const same = clients.find((each) => text(each, 'appId') === client)
      if (!same) return undefined
      const [there, declared] = [texts(same, 'delegatedPermissionIds'), texts(inputs, 'permissionIds')]
      const isSame = [...there].sort().join() === [...declared].sort().join()
      return {
        id: importId.preAuthorized(objectId, client),
        title: `client ${client} is pre-authorized${isSame ? '' : '; its scopes are changed to the declared ones'}`,
        ...(!isSame && { keep: ['permissionIds'] }),
      }
    },
  }
}

/** Everything but the application it stands for is brought to what is declared by the deployment that follows. */
function servicePrincipal(inputs: Inputs): Lookup {
  const { clientId: _, ...settings } = inputs
  return {
    path: `/servicePrincipals?$filter=${encodeURIComponent(`appId eq '${text(inputs, 'clientId')}'`)}&$select=id,displayName`,
    judge: ([same]) =>
      same && {
        id: importId.servicePrincipal(text(same, 'id')),
        title: `service principal of ${text(same, 'displayName')}; its settings are changed to the declared ones`,
        keep: settingsIn(settings),
      },
  }
}
