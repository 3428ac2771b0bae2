import publishedAppIds from './published-app-ids.json' with { type: 'json' }
import type { FunctionType } from './type.ts'

/** `azuread.getApplicationPublishedAppIds`: client ids of Microsoft's own APIs by name. */
export const getApplicationPublishedAppIds: FunctionType = {
  token: 'azuread:index/getApplicationPublishedAppIds:getApplicationPublishedAppIds',
  args: {},
  async call() {
    return { id: 'appIds', result: publishedAppIds }
  },
}
