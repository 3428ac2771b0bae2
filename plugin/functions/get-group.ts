import type { Graph } from '../client/graph.ts'
import type { Properties, Value } from '../protocol/wire.ts'
import { type Entity, fromGraph, isEntity } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { flagOf, textOf, textsOf } from './columns.ts'
import { findOne } from './find.ts'
import { exactlyOne, type FunctionType } from './type.ts'

// Names are those of azuread 6.9.1; `graph` names the member of Microsoft Graph's group resource type, beta.
const GROUP_FIELDS: Fields = {
  assignableToRole: flagOf('isAssignableToRole'),
  behaviors: textsOf('resourceBehaviorOptions'),
  description: textOf('description'),
  displayName: textOf('displayName'),
  mail: textOf('mail'),
  mailEnabled: flagOf('mailEnabled'),
  mailNickname: textOf('mailNickname'),
  objectId: textOf('id'),
  onpremisesDomainName: textOf('onPremisesDomainName'),
  onpremisesNetbiosName: textOf('onPremisesNetBiosName'),
  onpremisesSamAccountName: textOf('onPremisesSamAccountName'),
  onpremisesSecurityIdentifier: textOf('onPremisesSecurityIdentifier'),
  onpremisesSyncEnabled: flagOf('onPremisesSyncEnabled'),
  preferredLanguage: textOf('preferredLanguage'),
  provisioningOptions: textsOf('resourceProvisioningOptions'),
  proxyAddresses: textsOf('proxyAddresses'),
  securityEnabled: flagOf('securityEnabled'),
  theme: textOf('theme'),
  types: textsOf('groupTypes'),
  visibility: textOf('visibility'),
}

/** Of groups that have `writebackConfiguration`; the official plugin leaves it out of others. */
const WRITEBACK_FIELDS: Fields = {
  onpremisesGroupType: textOf('writebackConfiguration.onPremisesGroupType'),
  writebackEnabled: flagOf('writebackConfiguration.isEnabled'),
}

/** Graph shows these of one group at a time, and only when asked; Microsoft 365 groups alone have them. */
const MAILBOX_FIELDS: Fields = {
  autoSubscribeNewMembers: flagOf('autoSubscribeNewMembers'),
  externalSendersAllowed: flagOf('allowExternalSenders'),
  hideFromAddressLists: flagOf('hideFromAddressLists'),
  hideFromOutlookClients: flagOf('hideFromOutlookClients'),
}

const BETA = { version: 'beta' } as const

/** `azuread.getGroup`: by display name, mail nickname or object id, with its members and owners. */
export const getGroup: FunctionType = {
  token: 'azuread:index/getGroup:getGroup',
  args: {
    displayName: { type: 'string', rule: notEmpty },
    includeTransitiveMembers: { type: 'boolean', default: false },
    mailEnabled: { type: 'boolean' },
    mailNickname: { type: 'string' },
    objectId: { type: 'string', rule: uuid },
    securityEnabled: { type: 'boolean' },
  },
  validate: exactlyOne('displayName', 'mailNickname', 'objectId'),
  async call(graph, args) {
    const group = await findOne(
      graph,
      {
        noun: 'group',
        collection: '/groups',
        filters: { displayName: 'displayName', mailNickname: 'mailNickname' },
        flags: { mailEnabled: 'mailEnabled', securityEnabled: 'securityEnabled' },
        options: BETA,
      },
      args,
    )
    const id = `/groups/${group['id']}`
    const isTransitive = args['includeTransitiveMembers'] === true
    return {
      id,
      ...fromGraph(GROUP_FIELDS, group),
      ...(isEntity(group['writebackConfiguration']) && fromGraph(WRITEBACK_FIELDS, group)),
      ...(await mailboxOf(graph, id, group)),
      dynamicMemberships: membershipRule(group),
      includeTransitiveMembers: isTransitive,
      members: await idsOf(graph, `${id}/${isTransitive ? 'transitiveMembers' : 'members'}`),
      owners: await idsOf(graph, `${id}/owners`),
    }
  },
}

async function mailboxOf(graph: Graph, path: string, { groupTypes }: Entity): Promise<Properties> {
  const hasMailbox = Array.isArray(groupTypes) && groupTypes.includes('Unified')
  if (!hasMailbox) return fromGraph(MAILBOX_FIELDS, {})
  const select = Object.values(MAILBOX_FIELDS).map(({ graph: member }) => member)
  return fromGraph(MAILBOX_FIELDS, await graph.get(`${path}?$select=${select.join(',')}`, BETA))
}

/** As the official plugin tells it: a group without a rule has an empty one, which is on. */
function membershipRule({ membershipRule: rule, membershipRuleProcessingState: state }: Entity): Value {
  return rule === undefined ? [] : [{ enabled: state !== 'Paused', rule: String(rule ?? '') }]
}

async function idsOf(graph: Graph, collection: string): Promise<string[]> {
  return (await graph.list(collection, BETA)).map((object) => String(object['id']))
}
