import { filterBy, type Graph, notYetVisible } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { isProperties, type Properties, text, texts, UNKNOWN } from '../protocol/wire.ts'
import { type Entity, fromGraph, isEntity, toGraph } from '../schema/entity.ts'
import { sameMeaning } from '../schema/normal.ts'
import type { InputFailure } from '../schema/property.ts'
import {
  APP_ROLE_FIELDS,
  APPLICATION_FIELDS,
  PERMISSION_SCOPE_FIELDS,
  PERMISSION_SCOPE_SET,
} from './application-fields.ts'
import { instantiate } from './application-from-template.ts'
import { uploadLogo } from './application-logo.ts'
import { checkPermissions, checkPersonalAccounts } from './application-rules.ts'
import { featuresOf, tagsToSend } from './feature-tags.ts'
import { ownersOf, planOwners, replaceOwners, settleOwners } from './owners.ts'
import { disableBeforeChange, idsByValue, type PermissionList, permissionsAt } from './permissions.ts'
import { parseId, present, type ResourceType, type Update } from './type.ts'

const APP_ROLES: PermissionList = {
  fields: APP_ROLE_FIELDS,
  read: (application) => permissionsAt(application, 'appRoles'),
  write: (appRoles) => ({ appRoles }),
}

const PERMISSION_SCOPES: PermissionList = {
  fields: PERMISSION_SCOPE_FIELDS,
  read: (application) => permissionsAt(application, 'api', 'oauth2PermissionScopes'),
  write: (oauth2PermissionScopes) => ({ api: { oauth2PermissionScopes } }),
}

/** `azuread.Application`: Microsoft Graph's application resource, with its owners. */
export const application: ResourceType = {
  token: 'azuread:index/application:Application',
  noun: 'application',
  fields: APPLICATION_FIELDS,
  idForm: '/applications/{object id}',
  idPattern: /^\/applications\/([0-9a-f-]{36})$/i,
  schemaVersion: 2,
  timeouts: { create: 10, delete: 5, read: 5, update: 10 },
  recomputes: {
    appRoles: ['appRoleIds'],
    'api.oauth2PermissionScopes': ['oauth2PermissionScopeIds'],
    logoImage: ['logoUrl'],
  },
  validate,
  create,
  read,
  update,
  async remove(graph, id) {
    await graph.remove(pathOf(id))
  },
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  await refuseDuplicateName(graph, inputs)
  if (text(inputs['templateId']) !== '') return createFromTemplate(graph, inputs, created)
  const owners = await planOwners(graph, inputs)
  const entity = await graph.post('/applications', {
    ...toGraph(APPLICATION_FIELDS, inputs),
    tags: tagsToSend(inputs, {}, () => true),
    'owners@odata.bind': owners.bind,
  })
  const id = `/applications/${entity['id']}`
  created(id)
  if (inputs['oauth2PostResponseRequired'] === true) await requirePostResponse(graph, id, true)
  await settleOwners(graph, id, owners)
  await uploadLogo(graph, id, text(inputs['logoImage']))
  return present(
    'application',
    await readOutputs(graph, await graph.get(id, { retryWhen: notYetVisible }), inputs),
  )
}

/** The gallery makes an application by its name alone. An update then says the rest, but for what the inputs leave out. */
async function createFromTemplate(
  graph: Graph,
  inputs: Properties,
  created: (id: string) => void,
): Promise<Properties> {
  const { application: made } = await instantiate(
    graph,
    text(inputs['templateId']),
    text(inputs['displayName']),
  )
  const id = `/applications/${made['id']}`
  created(id)
  await graph.get(id, { retryWhen: notYetVisible })
  const given = Object.entries(APPLICATION_FIELDS).flatMap(([name, field]) =>
    sameMeaning(field, inputs[name], undefined) ? [] : [name],
  )
  return update(graph, { id, olds: { objectId: String(made['id']) }, news: inputs, changed: new Set(given) })
}

async function read(graph: Graph, id: string, prior: Properties): Promise<Properties | undefined> {
  const entity = await graph.find(pathOf(id))
  return entity && readOutputs(graph, entity, prior)
}

async function update(graph: Graph, { id, olds, news, changed }: Update): Promise<Properties> {
  const path = pathOf(id)
  await refuseDuplicateName(graph, news, text(olds['objectId']))
  const api = isProperties(news['api']) ? news['api'] : {}
  if (changed.has('appRoles')) await disableBeforeChange(graph, path, APP_ROLES, news['appRoles'])
  if (changed.has('api')) {
    await disableBeforeChange(graph, path, PERMISSION_SCOPES, api['oauth2PermissionScopes'])
  }
  const body = toGraph(
    APPLICATION_FIELDS,
    news,
    (name, { write }) => name !== 'templateId' && (write !== 'changed' || changed.has(name)),
  )
  // Like app roles, scopes are sent only when they change; they stand within a block that always is.
  if (sameScopes(olds, news) && isEntity(body['api'])) delete body['api']['oauth2PermissionScopes']
  await graph.patch(path, { ...body, tags: tagsToSend(news, olds, (name) => changed.has(name)) })
  if (changed.has('oauth2PostResponseRequired')) {
    await requirePostResponse(graph, path, news['oauth2PostResponseRequired'] === true)
  }
  if (changed.has('owners')) await replaceOwners(graph, path, news)
  if (changed.has('logoImage')) await uploadLogo(graph, path, text(news['logoImage']))
  if (changed.has('password')) await removeInlinePassword(graph, path, olds)
  return present('application', await read(graph, id, news))
}

function sameScopes(olds: Properties, news: Properties): boolean {
  const scopesOf = ({ api }: Properties) => (isProperties(api) ? api['oauth2PermissionScopes'] : undefined)
  return sameMeaning(PERMISSION_SCOPE_SET, scopesOf(olds), scopesOf(news))
}

function validate(inputs: Properties): InputFailure[] {
  return [...checkPermissions(inputs), ...checkPersonalAccounts(inputs)]
}

/** @param kept where the properties come from that Graph does not keep: the inputs, or the state */
async function readOutputs(graph: Graph, entity: Entity, kept: Properties): Promise<Properties> {
  return {
    ...(await describeApplication(graph, entity)),
    logoImage: text(kept['logoImage']),
    password: kept['password'] ?? null,
    preventDuplicateNames: kept['preventDuplicateNames'] === true,
  }
}

/** What the resource and the data source have in common. */
export async function describeApplication(graph: Graph, entity: Entity): Promise<Properties> {
  const path = `/applications/${entity['id']}`
  // v1.0 neither takes nor shows this one property.
  const beta = await graph.get(`${path}?$select=id,oauth2RequirePostResponse`, {
    version: 'beta',
    retryWhen: notYetVisible,
  })
  const outputs = fromGraph(APPLICATION_FIELDS, entity)
  return {
    ...outputs,
    appRoleIds: idsByValue(APP_ROLES.read(entity)),
    oauth2PermissionScopeIds: idsByValue(PERMISSION_SCOPES.read(entity)),
    featureTags: featuresOf('featureTags', texts(outputs['tags'])),
    oauth2PostResponseRequired: beta['oauth2RequirePostResponse'] === true,
    owners: await ownersOf(graph, path),
  }
}

/** Only a state of the official plugin can hold an inline password, and a program here can only take it away. */
async function removeInlinePassword(graph: Graph, path: string, olds: Properties): Promise<void> {
  const keyId = isProperties(olds['password']) ? text(olds['password']['keyId']) : ''
  if (keyId !== '') await graph.post(`${path}/removePassword`, { keyId })
}

async function requirePostResponse(graph: Graph, path: string, required: boolean): Promise<void> {
  const body = { oauth2RequirePostResponse: required }
  await graph.patch(path, body, { version: 'beta', retryWhen: notYetVisible })
}

async function refuseDuplicateName(graph: Graph, inputs: Properties, ownId?: string): Promise<void> {
  const name = inputs['displayName']
  if (inputs['preventDuplicateNames'] !== true || name === UNKNOWN) return
  const twins = await graph.list(`/applications?${filterBy('displayName', text(name))}`)
  const twin = twins.find(({ id, displayName }) => displayName === name && id !== ownId)
  if (twin === undefined) return
  throw new PluginError(
    'ALREADY_EXISTS',
    `An application named "${text(name)}" exists already (object id ${twin['id']}) and preventDuplicateNames is set. ` +
      `Import it with id /applications/${twin['id']}, or choose another name.`,
  )
}

function pathOf(id: string): string {
  return `/applications/${parseId(application, id)[0]}`
}
