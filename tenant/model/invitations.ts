import type { EntitySet } from './entity-set.ts'
import { plainSet } from './plain-set.ts'
import { complex, flag, guid, listOf, text } from './property.ts'

/** Microsoft Graph v1.0: invitation resource type. */
export const invitations: EntitySet = plainSet('invitations', 'invitation', {
  inviteRedeemUrl: text({ access: 'read' }),
  invitedUserDisplayName: text(),
  invitedUserType: text({ values: ['Guest', 'Member'], default: 'Guest' }),
  invitedUserEmailAddress: text({ nullable: false, required: true }),
  sendInvitationMessage: flag({ default: false }),
  resetRedemption: flag({ default: false }),
  inviteRedirectUrl: text({ nullable: false, required: true }),
  status: text({ access: 'read', default: 'PendingAcceptance' }),
  invitedUserMessageInfo: complex({
    messageLanguage: text(),
    customizedMessageBody: text(),
    ccRecipients: listOf(complex({ emailAddress: complex({ name: text(), address: text() }) }), {
      nullable: true,
    }),
  }),
  invitedUser: complex({ id: guid() }, { access: 'read' }),
})
