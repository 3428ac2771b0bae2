import type { Graph } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { type Entity, entities } from '../schema/entity.ts'
import type { InputFailure } from '../schema/property.ts'
import { oneOf, timestamp, uuid } from '../schema/rules.ts'
import { application } from './application.ts'
import { APPLICATION_ID, changeApplication } from './application-part.ts'
import { ENCODINGS, encodeKey, goDuration, milliseconds, wholeSecond } from './key-credential.ts'
import { parseId, present, type ResourceType, sameId } from './type.ts'

/**
 * `azuread.ApplicationCertificate`: a certificate that an application signs its token requests with (Microsoft Graph:
 * keyCredential resource type). Graph never shows it again, so what an import knows of it is incomplete.
 */
export const applicationCertificate: ResourceType = {
  token: 'azuread:index/applicationCertificate:ApplicationCertificate',
  noun: 'application certificate',
  fields: {
    applicationId: APPLICATION_ID,
    encoding: { type: 'string', forceNew: true, default: 'pem', rule: oneOf(...ENCODINGS) },
    endDate: {
      type: 'string',
      computed: 'optional',
      forceNew: true,
      rule: timestamp,
      conflictsWith: ['endDateRelative'],
    },
    endDateRelative: {
      type: 'string',
      forceNew: true,
      rule: goDuration,
      // With a start date the official plugin 6.9.1 takes the duration for a date, and fails.
      conflictsWith: ['endDate', 'startDate'],
    },
    keyId: { type: 'string', computed: 'optional', forceNew: true, rule: uuid },
    startDate: { type: 'string', computed: 'optional', forceNew: true, rule: timestamp },
    type: { type: 'string', forceNew: true, rule: oneOf('AsymmetricX509Cert', 'Symmetric') },
    value: { type: 'string', required: true, forceNew: true, secret: true },
  },
  idForm: '{application object id}/certificate/{key id}',
  idPattern: /^([0-9a-f-]{36})\/certificate\/([0-9a-f-]{36})$/i,
  timeouts: { create: 10, delete: 5, read: 5, update: 10 },
  validate,
  create,
  read,
  remove,
}

function validate(inputs: Properties): InputFailure[] {
  const [value, encoding] = [text(inputs['value']), text(inputs['encoding'])]
  const isJudged = value !== '' && ENCODINGS.some((known) => known === encoding)
  if (!isJudged || encodeKey(value, encoding) !== undefined) return []
  return [{ property: 'value', reason: `is not a certificate in the encoding "${encoding}"` }]
}

async function create(
  graph: Graph,
  inputs: Properties,
  created: (id: string, outputs: Properties) => void,
): Promise<Properties> {
  const path = text(inputs['applicationId'])
  const keyId = text(inputs['keyId']) || graph.newId()
  const [objectId] = parseId(application, path)
  const id = `${objectId}/certificate/${keyId}`
  await changeApplication(graph, path, {
    isNew: true,
    change(entity) {
      if (findKey(entity, keyId) === undefined) {
        return { keyCredentials: [...keysOf(entity), bodyOf(inputs, keyId, graph.session.now())] }
      }
      throw new PluginError(
        'ALREADY_EXISTS',
        `The application ${path} has a certificate with the key id ${keyId} already. Import it with id ${id}.`,
      )
    },
    isDone: (entity) => findKey(entity, keyId) !== undefined,
    written: () => created(id, { ...inputs, keyId }),
  })
  return present('application certificate', await read(graph, id, inputs))
}

async function read(graph: Graph, id: string, prior: Properties): Promise<Properties | undefined> {
  const { path, keyId } = placeOf(id)
  const entity = await graph.find(path)
  const credential = entity && findKey(entity, keyId)
  return (
    credential && {
      applicationId: path,
      encoding: prior['encoding'] ?? null,
      endDate: String(credential['endDateTime'] ?? ''),
      endDateRelative: prior['endDateRelative'] ?? null,
      keyId,
      startDate: String(credential['startDateTime'] ?? ''),
      type: String(credential['type'] ?? ''),
      value: prior['value'] ?? null,
    }
  )
}

async function remove(graph: Graph, id: string): Promise<void> {
  const { path, keyId } = placeOf(id)
  await changeApplication(graph, path, {
    change: (entity) => ({
      keyCredentials: keysOf(entity).filter((key) => !sameId(String(key['keyId']), keyId)),
    }),
    isDone: (entity) => findKey(entity, keyId) === undefined,
  })
}

function bodyOf(inputs: Properties, keyId: string, now: number): Entity {
  const [startDate, relative] = [text(inputs['startDate']), text(inputs['endDateRelative'])]
  const endDate =
    relative === '' ? text(inputs['endDate']) : new Date(now + (milliseconds(relative) ?? 0)).toISOString()
  return {
    keyId,
    type: text(inputs['type']),
    usage: 'Verify',
    key: encodeKey(text(inputs['value']), text(inputs['encoding']) || 'pem') ?? null,
    ...(startDate && { startDateTime: wholeSecond(startDate) }),
    ...(endDate && { endDateTime: wholeSecond(endDate) }),
  }
}

function keysOf(entity: Entity): Entity[] {
  return entities(entity['keyCredentials'])
}

function findKey(entity: Entity, keyId: string): Entity | undefined {
  return keysOf(entity).find((key) => sameId(String(key['keyId']), keyId))
}

function placeOf(id: string): { path: string; keyId: string } {
  const [objectId, keyId] = parseId(applicationCertificate, id) as [string, string]
  return { path: `/applications/${objectId}`, keyId }
}
