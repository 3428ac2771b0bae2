import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { isGuid } from '../../microsoft/guid.ts'
import type { DeclaredIdentity } from '../declaration/identity.ts'
import { lookupFailure } from './lookup-failure.ts'
import type { StackApps } from './stack-apps.ts'

/** Graph permissions that a look-up by name needs, where the deployer has no directory role ("Get user", "List groups"). */
const READ_PERMISSIONS = {
  user: 'User.Read.All',
  group: 'GroupMember.Read.All',
  'service principal': 'Application.Read.All',
} as const

type Kind = keyof typeof READ_PERMISSIONS

/** Nobody answers to a name in the tenant, the tenant could not be asked, or what answers cannot be what it is named for. */
export class PrincipalLookupError extends Error {
  readonly code = 'PRINCIPAL_NOT_FOUND'
  /** What to do about it. One sentence without a full stop. */
  readonly fix: string

  constructor(message: string, fix: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'PrincipalLookupError'
    this.fix = fix
  }
}

function notFound(kind: Kind, name: string, cause: unknown): PrincipalLookupError {
  return new PrincipalLookupError(
    `the ${kind} "${name}" could not be looked up in the tenant (${lookupFailure(cause)})`,
    String(cause).includes('Authorization_RequestDenied')
      ? `give the deployer ${READ_PERMISSIONS[kind]}, or write the object id`
      : 'correct the name, or write the object id',
    cause,
  )
}

/** "Overview of ownership": users and service principals own applications. */
function groupCannotOwn(name: string): PrincipalLookupError {
  return new PrincipalLookupError(
    `"${name}" is a group, and groups cannot own applications`,
    'name users or service principals; to share the work with a group, assign it a role such as Application Administrator',
  )
}

/** A service principal that exists without a registration of the stack. */
export interface FoundIdentity {
  readonly objectId: string
  readonly clientId: string
  readonly displayName: string
  /** Whether it is a managed identity that several resources can have. */
  readonly isUserAssigned: boolean
}

/** Looks up who deploys, users, groups and service principals: one request for each of them and deployment. */
export class PrincipalDirectory {
  readonly #found = new Map<string, Promise<string>>()
  readonly #identities = new Map<string, Promise<FoundIdentity>>()
  readonly #options: pulumi.InvokeOptions
  #deployer: pulumi.Output<azuread.GetClientConfigResult> | undefined

  /** @param options which provider asks; by default the program's own */
  constructor(options: pulumi.InvokeOptions = {}) {
    this.#options = options
  }

  /** Who deploys, and to which tenant. */
  get deployer(): pulumi.Output<azuread.GetClientConfigResult> {
    this.#deployer ??= azuread.getClientConfigOutput(this.#options)
    return this.#deployer
  }

  /** Object id of a user, by user principal name or object id. */
  user(name: string): Promise<string> {
    return this.#ask('user', name, async () => {
      const { objectId } = await azuread.getUser({ userPrincipalName: name }, this.#options)
      return objectId
    })
  }

  /** Object id of a security group, by display name or object id. */
  group(name: string): Promise<string> {
    return this.#ask('group', name, async () => {
      const found = await azuread.getGroup({ displayName: name, securityEnabled: true }, this.#options)
      return found.objectId
    })
  }

  /** Object id of a service principal, by display name or object id. */
  servicePrincipal(name: string): Promise<string> {
    return this.#ask('service principal', name, async () => {
      const found = await azuread.getServicePrincipal({ displayName: name }, this.#options)
      return found.objectId
    })
  }

  /**
   * A service principal that exists, by one of its ids or by display name.
   *
   * @throws PrincipalLookupError
   */
  identity(reference: DeclaredIdentity['reference']): Promise<FoundIdentity> {
    const { objectId, clientId, name = '' } = reference
    const wanted = objectId ? { objectId } : clientId ? { clientId } : { displayName: name }
    const key = JSON.stringify(wanted)
    const asked =
      this.#identities.get(key) ??
      azuread
        .getServicePrincipal(wanted, this.#options)
        .then(({ objectId, clientId, displayName, alternativeNames }) => ({
          objectId,
          clientId,
          displayName,
          // Azure writes it for each managed identity, false for that of a resource itself.
          isUserAssigned: alternativeNames.includes('isExplicit=True'),
        }))
        .catch((error) => {
          throw notFound('service principal', objectId ?? clientId ?? name, error)
        })
    this.#identities.set(key, asked)
    return asked
  }

  /** Object id of an owner: a user, an application of the stack, or a service principal. */
  owner(name: string, stackApps: StackApps): pulumi.Output<string> {
    return stackApps.has(name)
      ? stackApps.idsOf(name).servicePrincipalId
      : pulumi.output(this.outsideOwner(name))
  }

  /**
   * Object id of an owner that is not an application of the stack: user principal names have an "@". Groups are refused, as
   * far as the deployer may see them.
   */
  outsideOwner(name: string): Promise<string> {
    return name.includes('@')
      ? this.user(name)
      : this.#once(`owner ${name}`, () => this.#ownerOtherThanGroup(name))
  }

  async #ownerOtherThanGroup(name: string): Promise<string> {
    if (isGuid(name)) {
      if (await this.#isGroup({ objectId: name })) throw groupCannotOwn(name)
      return name.toLowerCase()
    }
    try {
      return await this.servicePrincipal(name)
    } catch (error) {
      throw (await this.#isGroup({ displayName: name })) ? groupCannotOwn(name) : error
    }
  }

  /** @returns false as well where it cannot be seen */
  async #isGroup(group: azuread.GetGroupArgs): Promise<boolean> {
    return azuread.getGroup(group, this.#options).then(
      () => true,
      () => false,
    )
  }

  #ask(kind: Kind, name: string, ask: () => Promise<string>): Promise<string> {
    if (isGuid(name)) return Promise.resolve(name.toLowerCase())
    return this.#once(`${kind} ${name}`, () =>
      ask().catch((error) => {
        throw notFound(kind, name, error)
      }),
    )
  }

  #once(key: string, ask: () => Promise<string>): Promise<string> {
    const known = this.#found.get(key.toLowerCase())
    if (known) return known
    const asked = ask()
    this.#found.set(key.toLowerCase(), asked)
    return asked
  }
}
