import type { FunctionType } from './type.ts'

/** `azuread.getClientConfig`: who is deploying, from the configuration and the token, without asking Graph. */
export const getClientConfig: FunctionType = {
  token: 'azuread:index/getClientConfig:getClientConfig',
  args: {},
  async call({ session }) {
    const { tenantId, clientId } = session.configuration
    const objectId = await session.objectId()
    return { id: `${tenantId}-${clientId}-${objectId}`, tenantId, clientId, objectId }
  },
}
