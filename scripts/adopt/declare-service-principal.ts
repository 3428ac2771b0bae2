import { resourceName } from '../../infra/registration/names.ts'
import { toDeclaration } from '../../infra/registration/setting.ts'
import { SERVICE_PRINCIPAL_SETTINGS } from '../../infra/registration/settings-table.ts'
import { DEFAULT_ACCESS } from '../../microsoft/default-access.ts'
import { object, objects, text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, combine, withoutEmpty } from './adoptable.ts'
import { appRoleKeys } from './declare-exposed-api.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import type { ExistingRegistration, Names } from './registration.ts'

/** What the tenant keeps about the application, who owns it and who may use it. */
export function declareServicePrincipal(name: string, found: ExistingRegistration, names: Names): Adoptable {
  const { application, servicePrincipal: principal, owners } = found
  if (!principal) {
    const clientId = text(application, 'appId')
    return {
      notAdoptable: [
        `the registration has no service principal in this tenant, which a declared application always has: make one first, with: az ad sp create --id ${clientId}`,
      ],
    }
  }
  const applicationOwners = ownersOf(owners, names)
  const principalOwners = ownersOf(found.servicePrincipalOwners, names)
  const settings: Adoptable = {
    declaration: withoutEmpty({
      servicePrincipal: {
        ...object(toDeclaration(SERVICE_PRINCIPAL_SETTINGS, principal), 'servicePrincipal'),
        ...differing(principalOwners, applicationOwners),
      },
      owners: applicationOwners.owners,
    }),
    objects: [
      {
        type: IMPORTED_TYPES.servicePrincipal,
        id: importId.servicePrincipal(text(principal, 'id')),
        name,
      },
    ],
  }
  const deployer: Adoptable = applicationOwners.deployerIsOwner
    ? {}
    : { declaration: { deployerIsOwner: false } }
  return combine([settings, deployer, declareAssignments(name, found, principal, names)])
}

interface Owners {
  readonly owners: readonly string[]
  readonly deployerIsOwner: boolean
}

function ownersOf(owners: readonly Entity[], { principals, deployerId }: Names): Owners {
  const ids = owners.map((owner) => text(owner, 'id'))
  return {
    owners: ids
      .filter((id) => id !== deployerId)
      .map((id) => principals.get(id) ?? id)
      .sort(),
    deployerIsOwner: ids.includes(deployerId),
  }
}

/** The owners of the service principal, where they are not those of the application. */
function differing(principal: Owners, application: Owners): Partial<Owners> {
  return {
    ...(principal.owners.join() !== application.owners.join() && { owners: principal.owners }),
    ...(principal.deployerIsOwner !== application.deployerIsOwner && {
      deployerIsOwner: principal.deployerIsOwner,
    }),
  }
}

function declareAssignments(
  app: string,
  { application, assignedTo }: ExistingRegistration,
  principal: Entity,
  names: Names,
): Adoptable {
  const roles = new Map([...appRoleKeys(objects(application, 'appRoles')), [DEFAULT_ACCESS, undefined]])
  const people = assignedTo.filter(({ principalType }) => principalType !== 'ServicePrincipal')
  const adoptable = people.filter((entry) => roles.has(text(entry, 'appRoleId')))
  const taken = new Set<string>()
  const assignments = adoptable.map((entry) => {
    const kind = entry['principalType'] === 'Group' ? 'group' : 'user'
    const principalId = text(entry, 'principalId')
    const role = roles.get(text(entry, 'appRoleId'))
    const as = (who: string) => ({ [kind]: who, ...(role !== undefined && { role }) })
    // Resources are named after people: of two whose names are spelt alike, the second keeps its id.
    const named = as(names.principals.get(principalId) ?? principalId)
    const declared = taken.has(resourceName.assignment(app, named)) ? as(principalId) : named
    const name = resourceName.assignment(app, declared)
    taken.add(name)
    return {
      declared,
      object: {
        type: IMPORTED_TYPES.assignment,
        name,
        id: importId.assignment(text(principal, 'id'), text(entry, 'id')),
      },
    }
  })
  const others = assignedTo.length - people.length
  return {
    declaration: withoutEmpty({ assignments: assignments.map(({ declared }) => declared) }),
    objects: assignments.map(({ object }) => object),
    leftAlone: [
      ...people
        .filter((entry) => !adoptable.includes(entry))
        .map(
          (entry) =>
            `the assignment of ${text(entry, 'principalDisplayName') || text(entry, 'principalId')} to the app role ${text(entry, 'appRoleId')}, which is not offered any more`,
        ),
      ...(others > 0
        ? [`what ${others} other application(s) were granted on this one: it belongs to their declarations`]
        : []),
    ],
  }
}
