import { randomUUID } from 'node:crypto'
import type { Directory } from '../directory/directory.ts'
import { invalidValue } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import type { Draft } from '../model/body.ts'
import { invitations } from '../model/invitations.ts'
import { users } from '../model/people.ts'
import { defaultsOf } from '../model/property.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import type { Data, Entity } from '../store/entity.ts'
import { plainRules } from './plain.ts'
import type { Made, Rules } from './rules.ts'

/** Microsoft Graph: Create invitation. It makes the guest, or finds the one that was made for the address before. */
export const invitationRules: Rules = {
  ...plainRules(invitations),
  create(draft: Draft, { directory }: GraphRequest): Made {
    const address = String(draft.data['invitedUserEmailAddress'])
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) {
      throw invalidValue(
        invitations.resourceName,
        'invitedUserEmailAddress',
        `'${address}' is not a valid address.`,
      )
    }
    if (URL.parse(String(draft.data['inviteRedirectUrl'])) === null) {
      throw invalidValue(invitations.resourceName, 'inviteRedirectUrl', 'It must be an absolute URL.')
    }
    const id = randomUUID()
    const guest = guestOf(directory, address) ?? makeGuest(directory, address, draft.data)
    const inviteRedeemUrl = `${directory.url()}/redeem?rd=${encodeURIComponent(`${directory.url()}/?tenant=${directory.tenantId}&ticket=${id}`)}`
    return { id, data: { ...draft.data, inviteRedeemUrl, invitedUser: { id: guest.id } } }
  },
}

function guestOf(directory: Directory, address: string): Entity | undefined {
  return directory.store
    .find(users.name, 'mail', address)
    .find(({ data }) => data['creationType'] === 'Invitation')
}

function makeGuest(directory: Directory, address: string, invitation: Data): Entity {
  const id = randomUUID()
  const local = `${address.replace('@', '_')}#EXT#`
  return directory.store.insert(users.name, id, {
    ...defaultsOf(users.properties),
    id,
    accountEnabled: true,
    displayName: invitation['invitedUserDisplayName'] ?? address.split('@')[0] ?? address,
    mail: address,
    mailNickname: local,
    otherMails: [address],
    userPrincipalName: `${local}@${directory.domain}`,
    userType: invitation['invitedUserType'] ?? 'Guest',
    creationType: 'Invitation',
    externalUserState: 'PendingAcceptance',
    createdDateTime: isoSecond(directory.now()),
  })
}
