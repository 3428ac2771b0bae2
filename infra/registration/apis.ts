import * as azuread from '@pulumi/azuread'
import type { InvokeOptions } from '@pulumi/pulumi'
import { suggest } from '../../lib/nearest.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { WELL_KNOWN_APP_IDS } from '../../microsoft/well-known-apis.ts'
import { lookupFailure } from './lookup-failure.ts'
import { type Api, type ConsentSettings, consentOf } from './permissions.ts'

/** No service principal answers to an API's name in the tenant, or the tenant could not be asked. */
export class ApiLookupError extends Error {
  readonly code = 'API_NOT_FOUND'
  readonly api: string
  /** What to do about it. One sentence without a full stop. */
  readonly fix: string

  constructor(api: string, cause: unknown) {
    super(`the API "${api}" could not be looked up in the tenant (${lookupFailure(cause)})`, { cause })
    this.name = 'ApiLookupError'
    this.api = api
    const known = Object.keys(WELL_KNOWN_APP_IDS)
    this.fix = suggest(api, known, 'correct the name, or give the app id of the API')
  }
}

/**
 * Looks up APIs through their service principals in the tenant: one request per API and deployment, however many
 * applications name it.
 */
export class ApiDirectory {
  readonly #found = new Map<string, Promise<Api>>()
  readonly #options: InvokeOptions

  /** @param options which provider asks; by default the program's own */
  constructor(options: InvokeOptions = {}) {
    this.#options = options
  }

  /**
   * @param name display name of the API's service principal, or its app id
   * @throws ApiLookupError
   */
  find(name: string): Promise<Api> {
    const known = this.#found.get(name)
    if (known) return known
    const lookup = this.#lookUp(name)
    this.#found.set(name, lookup)
    return lookup
  }

  /**
   * The API as an application names it. One that has no service principal in the tenant can be asked for all the same,
   * by ids alone, as long as nobody is to consent to it.
   *
   * @throws ApiLookupError
   */
  async findFor(name: string, app: ConsentSettings): Promise<Api> {
    try {
      return await this.find(name)
    } catch (error) {
      const { application = [], delegated = [] } = app.permissions[name] ?? {}
      const isById = [name, ...application, ...delegated].every((each) => isGuid(each))
      if (!isById || consentOf(app)[name]) throw error
      return { name, appId: name.toLowerCase(), servicePrincipalId: '', appRoleIds: {}, scopeIds: {} }
    }
  }

  async #lookUp(name: string): Promise<Api> {
    const appId = isGuid(name) ? name : WELL_KNOWN_APP_IDS[name]
    try {
      const sp = await azuread.getServicePrincipal(
        appId ? { clientId: appId } : { displayName: name },
        this.#options,
      )
      return {
        name,
        appId: sp.clientId,
        servicePrincipalId: sp.objectId,
        appRoleIds: sp.appRoleIds,
        scopeIds: sp.oauth2PermissionScopeIds,
      }
    } catch (error) {
      throw new ApiLookupError(name, error)
    }
  }
}
