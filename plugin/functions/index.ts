import { getApplication } from './get-application.ts'
import { getApplicationPublishedAppIds } from './get-application-published-app-ids.ts'
import { getApplicationTemplate } from './get-application-template.ts'
import { getClientConfig } from './get-client-config.ts'
import { getGroup } from './get-group.ts'
import { getServicePrincipal } from './get-service-principal.ts'
import { getUser } from './get-user.ts'
import { getUsers } from './get-users.ts'
import type { FunctionType } from './type.ts'

/** Every data source that the provider serves, by Pulumi's function token. */
export const FUNCTIONS: ReadonlyMap<string, FunctionType> = new Map(
  [
    getApplication,
    getApplicationPublishedAppIds,
    getApplicationTemplate,
    getClientConfig,
    getGroup,
    getServicePrincipal,
    getUser,
    getUsers,
  ].map((type) => [type.token, type]),
)
