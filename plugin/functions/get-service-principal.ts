import { describeServicePrincipal } from '../resources/service-principal.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { findOne } from './find.ts'
import { exactlyOne, type FunctionType } from './type.ts'

/** `azuread.getServicePrincipal`: by client id, display name or object id. */
export const getServicePrincipal: FunctionType = {
  token: 'azuread:index/getServicePrincipal:getServicePrincipal',
  args: {
    clientId: { type: 'string', rule: uuid },
    displayName: { type: 'string', rule: notEmpty },
    objectId: { type: 'string', rule: uuid },
  },
  validate: exactlyOne('clientId', 'displayName', 'objectId'),
  async call(graph, args) {
    const entity = await findOne(
      graph,
      {
        noun: 'service principal',
        collection: '/servicePrincipals',
        filters: { clientId: 'appId', displayName: 'displayName' },
      },
      args,
    )
    const { samlSingleSignOn, ...found } = await describeServicePrincipal(graph, entity)
    return {
      id: `/servicePrincipals/${entity['id']}`,
      ...found,
      samlSingleSignOns: samlSingleSignOn ? [samlSingleSignOn] : [],
    }
  },
}
