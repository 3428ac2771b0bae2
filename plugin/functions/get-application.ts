import { isProperties, type Properties, type Value } from '../protocol/wire.ts'
import { describeApplication } from '../resources/application.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { findOne } from './find.ts'
import { exactlyOne, type FunctionType } from './type.ts'

/** `azuread.getApplication`: by client id, display name or object id. Blocks come as lists of one, as in the official plugin. */
export const getApplication: FunctionType = {
  token: 'azuread:index/getApplication:getApplication',
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
        noun: 'application',
        collection: '/applications',
        filters: { clientId: 'appId', displayName: 'displayName' },
      },
      args,
    )
    const {
      api,
      optionalClaims,
      publicClient,
      singlePageApplication,
      templateId,
      description,
      web,
      ...found
    } = await describeApplication(graph, entity)
    return {
      id: `/applications/${entity['id']}`,
      ...found,
      apis: listOf(api),
      optionalClaims: listOf(optionalClaims),
      publicClients: listOf(publicClient),
      singlePageApplications: listOf(singlePageApplication),
      webs: listOf(web).filter(isProperties).map(withListedGrant),
    }
  },
}

function withListedGrant({ implicitGrant, ...web }: Properties): Properties {
  return { ...web, implicitGrants: listOf(implicitGrant) }
}

function listOf(block: Value | undefined): Value[] {
  return isProperties(block) ? [block] : []
}
