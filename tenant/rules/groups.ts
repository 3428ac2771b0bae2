import { randomUUID } from 'node:crypto'
import type { Directory } from '../directory/directory.ts'
import { badRequest, invalidValue, valueRequired } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import type { Draft } from '../model/body.ts'
import { groups } from '../model/groups.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { type Data, type Entity, strings } from '../store/entity.ts'
import { softDelete } from './deleted-items.ts'
import { bindReferences, forgetReferences } from './references.ts'
import type { Made, Rules } from './rules.ts'
import { checkUniqueName } from './unique-name.ts'

const RESOURCE = groups.resourceName

/** Microsoft Graph: Create group, Update group, Delete group. */
export const groupRules: Rules = {
  create(draft: Draft, { directory, seeded }: GraphRequest): Made {
    const id = seeded?.id ?? randomUUID()
    check(draft.data)
    checkUniqueName(directory, groups, undefined, draft.data)
    const createdDateTime = isoSecond(directory.now())
    const data = {
      ...draft.data,
      ...(isUnified(draft.data) ? unifiedOnly(directory, draft.data) : {}),
      createdDateTime,
      renewedDateTime: createdDateTime,
      securityIdentifier: securityIdentifier(id),
      ownerIds: bindReferences(directory, groups, 'owners', draft),
      memberIds: bindReferences(directory, groups, 'members', draft),
    }
    return { id, data }
  },

  update(current: Entity, draft: Draft, { directory }: GraphRequest): Data {
    check(draft.data)
    checkUniqueName(directory, groups, current, draft.data)
    return draft.data
  },

  /** Microsoft 365 groups can be restored, security groups cannot (Microsoft Graph: Delete group). */
  remove(entity: Entity, { directory }: GraphRequest): void {
    const assignments = directory.store.find('appRoleAssignments', 'principalId', entity.id)
    forgetReferences(directory, entity.id)
    if (isUnified(entity.data)) {
      const companions = assignments.map((each) => ({ set: 'appRoleAssignments', entity: each }))
      softDelete(directory, groups, entity, { companions })
      return
    }
    for (const { id } of assignments) directory.store.remove('appRoleAssignments', id)
    directory.store.remove(groups.name, entity.id)
  },
}

function check(data: Data): void {
  if (!/^[^\s@()\\[\]";:<>,]+$/.test(String(data['mailNickname']))) {
    throw invalidValue(RESOURCE, 'mailNickname', 'It holds a space or one of @ () \\ [] " ; : < > ,')
  }
  if (isUnified(data)) {
    if (data['mailEnabled'] !== true) {
      throw badRequest(
        "The service does not currently support writes of mail-disabled groups of type 'Unified'.",
      )
    }
  } else if (data['mailEnabled'] === true || data['securityEnabled'] !== true) {
    throw badRequest(
      'The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.',
    )
  }
  const isDynamic = strings(data['groupTypes']).includes('DynamicMembership')
  if (isDynamic && data['membershipRule'] === null) throw valueRequired(RESOURCE, 'membershipRule')
  if (!isDynamic && data['membershipRule'] !== null) {
    throw invalidValue(RESOURCE, 'membershipRule', 'It goes with the group type DynamicMembership only.')
  }
}

function isUnified(data: Data): boolean {
  return strings(data['groupTypes']).includes('Unified')
}

/** What Exchange adds to a group of its own, the description among it when there is none. */
function unifiedOnly(directory: Directory, data: Data): Data {
  const mail = `${String(data['mailNickname'])}@${directory.domain}`
  return {
    mail,
    proxyAddresses: [`SMTP:${mail}`],
    description: data['description'] ?? data['displayName'] ?? null,
    visibility: data['visibility'] ?? 'Public',
  }
}

/** S-1-12-1 and the four 32-bit numbers of the object id. */
function securityIdentifier(id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return `S-1-12-1-${[0, 4, 8, 12].map((offset) => bytes.readUInt32LE(offset)).join('-')}`
}
