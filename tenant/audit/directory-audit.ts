import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Directory, findDirectoryObject } from '../directory/directory.ts'
import { viewOf } from '../directory/view.ts'
import { isoDate } from '../lib/clock.ts'
import { directoryAudits } from '../model/audit.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { entitySet } from '../model/index.ts'
import type { Caller } from '../request/graph-request.ts'
import type { Data, Entity, Json } from '../store/entity.ts'
import type { Change } from '../store/entity-store.ts'
import { type Activity, activityOf } from './activities.ts'

/** How many entries are kept; the oldest go first. The real service keeps them for 30 days. */
const KEPT_AUDITS = 5000

/** Who changed something, and how the request was. */
export interface Initiator {
  readonly caller: Caller
  readonly correlationId: string
  readonly userAgent: string | undefined
}

/**
 * Writes what the transaction under way has changed into the directory's own audit log, as part of it. Secrets are not
 * in it: hidden properties are left out, and so are members that carry key material.
 */
export function auditChanges(directory: Directory, initiator: Initiator): void {
  const { store } = directory
  for (const change of [...store.pendingChanges()]) {
    const activity = activityOf(change)
    const entity = change.after ?? change.before
    if (activity === undefined || entity === undefined) continue
    const id = `Directory_${randomUUID()}`
    store.insert(directoryAudits.name, id, { id, ...entryOf(directory, initiator, change, activity, entity) })
  }
  for (const { id } of store.all(directoryAudits.name)) {
    if (store.count(directoryAudits.name) <= KEPT_AUDITS) break
    store.remove(directoryAudits.name, id)
  }
}

function entryOf(
  directory: Directory,
  initiator: Initiator,
  change: Change,
  activity: Activity,
  entity: Entity,
): Data {
  const { userAgent } = initiator
  return {
    category: activity.category,
    correlationId: initiator.correlationId,
    result: 'success',
    resultReason: '',
    activityDisplayName: activity.name,
    activityDateTime: isoDate(directory.now()),
    loggedByService: 'Core Directory',
    operationType: activity.operation,
    initiatedBy: initiatedBy(directory, initiator.caller),
    targetResources: [
      targetOf(directory, change, entity),
      ...(activity.members ?? []).flatMap((id) => memberTarget(directory, id)),
    ],
    additionalDetails: userAgent === undefined ? [] : [{ key: 'User-Agent', value: userAgent }],
  }
}

function initiatedBy(directory: Directory, { appId, objectId }: Caller): Data {
  const located = findDirectoryObject(directory, objectId)
  const view = located === undefined ? {} : viewOf(directory, located.set, located.entity)
  const displayName = view['displayName'] ?? null
  if (located?.set.name === 'users') {
    const userPrincipalName = view['userPrincipalName'] ?? null
    return { app: null, user: { id: objectId, displayName, ipAddress: '127.0.0.1', userPrincipalName } }
  }
  return { app: { appId, displayName, servicePrincipalId: objectId, servicePrincipalName: null }, user: null }
}

function targetOf(directory: Directory, { set: setName, before, after }: Change, entity: Entity): Data {
  const set = entitySet(setName)
  const view = viewOf(directory, set, entity)
  return {
    id: entity.id,
    displayName: view['displayName'] ?? view['name'] ?? null,
    type: set.resourceName,
    userPrincipalName: view['userPrincipalName'] ?? null,
    groupType: null,
    modifiedProperties: modifiedProperties(set, before?.data ?? {}, after?.data ?? {}),
  }
}

function memberTarget(directory: Directory, id: string): readonly Data[] {
  const located = findDirectoryObject(directory, id)
  if (located === undefined) return []
  const { set, entity } = located
  return [targetOf(directory, { set: set.name, before: entity, after: entity }, entity)]
}

/** Members that carry key material. */
const PRIVATE = new Set(['key', 'secretText', 'password'])

function modifiedProperties(set: EntitySet, before: Data, after: Data): readonly Data[] {
  return Object.entries(set.properties).flatMap(([name, property]) => {
    const then = before[name] ?? null
    const now = after[name] ?? null
    if (property.access === 'hidden' || isDeepStrictEqual(then, now)) return []
    return [{ displayName: name, oldValue: withoutPrivate(then), newValue: withoutPrivate(now) }]
  })
}

function withoutPrivate(value: Json): string {
  return JSON.stringify(value, (name, each: unknown) => (PRIVATE.has(name) ? undefined : each))
}
