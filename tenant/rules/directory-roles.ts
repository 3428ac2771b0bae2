import { randomUUID } from 'node:crypto'
import { type Directory, findDirectoryObject } from '../directory/directory.ts'
import {
  badRequest,
  denied,
  type GraphError,
  invalidValue,
  notFound,
  valueRequired,
} from '../errors/graph-error.ts'
import { assignmentId } from '../lib/ids.ts'
import type { Draft } from '../model/body.ts'
import {
  directoryRoles,
  directoryRoleTemplates,
  roleAssignments,
  roleDefinitions,
} from '../model/directory-roles.ts'
import { defaultsOf } from '../model/property.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { type Data, type Entity, objects } from '../store/entity.ts'
import { plainRules } from './plain.ts'
import type { Made, Rules } from './rules.ts'

/** Microsoft Graph: Activate directoryRole. */
export const directoryRoleRules: Rules = {
  ...plainRules(directoryRoles),
  create(draft: Draft, { directory }: GraphRequest): Made {
    const templateId = String(draft.data['roleTemplateId']).toLowerCase()
    const template = directory.store.get(directoryRoleTemplates.name, templateId)
    if (template === undefined) {
      throw invalidValue(
        directoryRoles.resourceName,
        'roleTemplateId',
        `'${templateId}' is not a role template.`,
      )
    }
    if (directory.store.find(directoryRoles.name, 'roleTemplateId', templateId).length > 0) {
      throw conflict()
    }
    return { id: randomUUID(), data: { ...draft.data, ...ofTemplate(template) } }
  },
}

/** Microsoft Graph: Create, Update and Delete unifiedRoleDefinition. */
export const roleDefinitionRules: Rules = {
  create(draft: Draft, { directory }: GraphRequest): Made {
    requirePermissions(draft.data)
    const id = randomUUID()
    const templateId = draft.data['templateId'] || id
    if (directory.store.find(roleDefinitions.name, 'templateId', String(templateId)).length > 0)
      throw conflict()
    return { id, data: { ...draft.data, templateId, isBuiltIn: false } }
  },

  update(current: Entity, draft: Draft): Data {
    if (current.data['isBuiltIn'] === true) throw denied()
    requirePermissions(draft.data)
    return draft.data
  },

  remove(entity: Entity, { directory }: GraphRequest): void {
    if (entity.data['isBuiltIn'] === true) throw denied()
    for (const { id } of directory.store.find(roleAssignments.name, 'roleDefinitionId', entity.id)) {
      directory.store.remove(roleAssignments.name, id)
    }
    directory.store.remove(roleDefinitions.name, entity.id)
  },
}

/** Microsoft Graph: Create and Delete unifiedRoleAssignment. */
export const roleAssignmentRules: Rules = {
  ...plainRules(roleAssignments),
  create(draft: Draft, { directory }: GraphRequest): Made {
    const { principalId, roleDefinitionId, directoryScopeId, appScopeId } = draft.data
    const principal = findDirectoryObject(directory, String(principalId))
    if (principal === undefined) throw notFound(String(principalId))
    if (principal.set.name === 'groups' && principal.entity.data['isAssignableToRole'] !== true) {
      throw badRequest('The group is not assignable to roles: isAssignableToRole has to be true.')
    }
    const role = directory.store.get(roleDefinitions.name, String(roleDefinitionId))
    if (role === undefined) throw notFound(String(roleDefinitionId))
    if ((directoryScopeId === null) === (appScopeId === null)) {
      throw valueRequired(roleAssignments.resourceName, 'directoryScopeId')
    }
    if (directoryScopeId != null) requireScope(directory, String(directoryScopeId))
    const data = { ...draft.data, principalId: principal.entity.id, roleDefinitionId: role.id }
    const exists = directory.store
      .find(roleAssignments.name, 'principalId', principal.entity.id)
      .some(
        (each) =>
          each.data['roleDefinitionId'] === role.id &&
          each.data['directoryScopeId'] === directoryScopeId &&
          each.data['appScopeId'] === appScopeId,
      )
    if (exists) throw conflict()
    activate(directory, role.id)
    return { id: assignmentId(principal.entity.id), data }
  },
}

/** Makes the directory role of a built-in definition, as the first assignment of it does. */
function activate(directory: Directory, templateId: string): void {
  const template = directory.store.get(directoryRoleTemplates.name, templateId)
  const isActive = directory.store.find(directoryRoles.name, 'roleTemplateId', templateId).length > 0
  if (template === undefined || isActive) return
  const id = randomUUID()
  directory.store.insert(directoryRoles.name, id, {
    ...defaultsOf(directoryRoles.properties),
    ...ofTemplate(template),
    id,
  })
}

const ofTemplate = ({ id, data }: Entity): Data => ({
  displayName: data['displayName'] ?? null,
  description: data['description'] ?? null,
  roleTemplateId: id,
})

function requirePermissions(data: Data): void {
  if (objects(data['rolePermissions']).length === 0) {
    throw valueRequired(roleDefinitions.resourceName, 'rolePermissions')
  }
}

/** The whole directory, an administrative unit, or one object. */
function requireScope(directory: Directory, scope: string): void {
  if (scope === '/') return
  const id = /^\/(?:administrativeUnits\/)?([^/]+)$/.exec(scope)?.[1]
  if (id === undefined || findDirectoryObject(directory, id) === undefined) {
    throw invalidValue(
      roleAssignments.resourceName,
      'directoryScopeId',
      `'${scope}' is not the address of an object.`,
    )
  }
}

const conflict = (): GraphError =>
  badRequest(
    'A conflicting object with one or more of the specified property values is present in the directory.',
  )
