import * as azuread from '@pulumi/azuread'
import type { InvokeOptions } from '@pulumi/pulumi'
import { suggest } from '../../lib/nearest.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { appIdOf, WELL_KNOWN_APP_IDS } from '../../microsoft/well-known-apis.ts'
import { lookupFailure } from './lookup-failure.ts'
import { type Api, type ConsentSettings, consentOf } from './permissions.ts'

/** The words of the provider, and of the local plugin, for a service principal that does not exist. */
const ABSENT = /no service principals? (found|in this tenant)|service principal not found/i

/** No service principal answers to an API's name in the tenant, or the tenant could not be asked. */
export class ApiLookupError extends Error {
  readonly code = 'API_NOT_FOUND'
  readonly api: string
  /** What to do about it. One sentence without a full stop. */
  readonly fix: string

  constructor(api: string, cause: unknown) {
    const reason = lookupFailure(cause)
    const isAbsent = ABSENT.test(cause instanceof Error ? cause.message : reason)
    super(
      isAbsent
        ? `the API "${api}" has no service principal in this tenant`
        : `the API "${api}" could not be looked up in the tenant (${reason})`,
      { cause },
    )
    this.name = 'ApiLookupError'
    this.api = api
    this.fix = isAbsent ? addApi(api) : correctApi(api, 'check what the deployer may read: npm run doctor')
  }
}

/** Microsoft's APIs can be added by their app id; a name that is none of theirs is most likely misspelt. */
function addApi(api: string): string {
  const appId = appIdOf(api)
  if (appId !== undefined) return `add it: az ad sp create --id ${appId}`
  return correctApi(api, 'write its app id, or its display name as in the portal')
}

function correctApi(api: string, otherwise: string): string {
  const known = appIdOf(api) === undefined ? Object.keys(WELL_KNOWN_APP_IDS) : []
  return suggest(api, known, otherwise)
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
   * @param name display name of the API's service principal, its app id, or another name of a well-known one
   * @throws ApiLookupError
   */
  find(name: string): Promise<Api> {
    const key = appIdOf(name) ?? name
    const lookup = this.#found.get(key) ?? this.#lookUp(name)
    this.#found.set(key, lookup)
    return lookup.then((api) => ({ ...api, name }))
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
    const appId = appIdOf(name)
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
        roleIds: (sp.appRoles ?? []).map(({ id }) => id.toLowerCase()),
      }
    } catch (error) {
      throw new ApiLookupError(name, error)
    }
  }
}
