import type { Clock } from '../lib/clock.ts'
import { isoSecond } from '../lib/clock.ts'
import { appCredentialSignInActivities } from '../model/audit.ts'
import { defaultsOf } from '../model/property.ts'
import { type Data, type Entity, objects } from '../store/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'

/** How long a sign-in may wait to be written down. The report of the real service is hours behind. */
const WRITE_AFTER_MS = 1000

/** A token that was issued for a credential. */
export interface SignIn {
  /** The `keyId` of the secret or certificate. */
  readonly keyId: string
  readonly application: Entity
  readonly servicePrincipal: Entity
  /** Object id of the resource's service principal. */
  readonly resourceId: string
  readonly requestId: string
}

/**
 * When each secret and certificate was last used (Microsoft Graph beta: List appCredentialSignInActivities). Many
 * sign-ins are written together, so that a token does not have to wait for the disk; whoever reads sees all of them.
 */
export class SignIns {
  readonly #store: EntityStore
  readonly #now: Clock
  readonly #waiting = new Map<string, SignIn & { readonly at: string }>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: EntityStore, now: Clock) {
    this.#store = store
    this.#now = now
  }

  note(signIn: SignIn): void {
    this.#waiting.set(signIn.keyId, { ...signIn, at: isoSecond(this.#now()) })
    this.#timer ??= setTimeout(() => this.flush(), WRITE_AFTER_MS).unref()
  }

  /** Writes down what waits. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#store.transaction(() => {
      for (const signIn of waiting) this.#write(signIn, signIn.at)
    })
  }

  #write(signIn: SignIn, at: string): void {
    const { name, properties } = appCredentialSignInActivities
    const used = { lastSignInDateTime: at, lastSignInRequestId: signIn.requestId }
    const [known] = this.#store.find(name, 'keyId', signIn.keyId)
    if (known !== undefined) {
      this.#store.replace(name, known, {
        ...known.data,
        resourceId: signIn.resourceId,
        signInActivity: used,
      })
      return
    }
    const id = Buffer.from(`${signIn.keyId}|application|Client`).toString('base64url')
    this.#store.insert(name, id, {
      ...defaultsOf(properties),
      ...describe(signIn),
      id,
      createdDateTime: at,
      resourceId: signIn.resourceId,
      signInActivity: used,
    })
  }
}

function describe({ keyId, application, servicePrincipal }: SignIn): Data {
  const found = [application, servicePrincipal].flatMap((holder) =>
    (['passwordCredentials', 'keyCredentials'] as const).flatMap((property) =>
      objects(holder.data[property])
        .filter((each) => each['keyId'] === keyId)
        .map((credential) => ({ holder, property, credential })),
    ),
  )
  const [first] = found
  const usage = first?.credential['usage']
  return {
    keyId,
    keyType: first?.property === 'keyCredentials' ? 'certificate' : 'clientSecret',
    keyUsage: typeof usage === 'string' ? usage.toLowerCase() : 'verify',
    appId: String(application.data['appId']),
    appObjectId: application.id,
    servicePrincipalObjectId: servicePrincipal.id,
    credentialOrigin: first?.holder === servicePrincipal ? 'servicePrincipal' : 'application',
    expirationDateTime: first?.credential['endDateTime'] ?? null,
  }
}
