import type { Clock } from '../lib/clock.ts'
import { isoSecond } from '../lib/clock.ts'
import { appCredentialSignInActivities, servicePrincipalSignInActivities } from '../model/audit.ts'
import { defaultsOf } from '../model/property.ts'
import { type Data, type Entity, objects } from '../store/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'

/** How long a sign-in may wait to be written down. The report of the real service is hours behind. */
const WRITE_AFTER_MS = 1000

/** A token that was issued. */
export interface SignIn {
  /** App id of the client. */
  readonly appId: string
  /** App id of the API that the token is for. */
  readonly resourceAppId: string
  /** Whether it was issued for a user. */
  readonly isDelegated: boolean
  /** The secret or certificate that proved the client; undefined for a public client and for a federated credential. */
  readonly credential?: UsedCredential | undefined
  readonly requestId: string
}

interface UsedCredential {
  readonly keyId: string
  readonly application: Entity
  readonly servicePrincipal: Entity
  /** Object id of the resource's service principal. */
  readonly resourceId: string
}

/** As the two reports write it. */
interface Activity {
  readonly lastSignInDateTime: string
  readonly lastSignInRequestId: string
}

/**
 * When each secret, certificate and application was last used (Microsoft Graph beta: List appCredentialSignInActivities,
 * List servicePrincipalSignInActivities). Many sign-ins are written together, so that a token does not have to wait for
 * the disk; whoever reads sees all of them.
 */
export class SignIns {
  readonly #store: EntityStore
  readonly #now: Clock
  readonly #credentials = new Map<string, readonly [UsedCredential, Activity]>()
  readonly #applications = new Map<string, Record<string, Activity>>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: EntityStore, now: Clock) {
    this.#store = store
    this.#now = now
  }

  note({ appId, resourceAppId, isDelegated, credential, requestId }: SignIn): void {
    const activity = { lastSignInDateTime: isoSecond(this.#now()), lastSignInRequestId: requestId }
    const flow = isDelegated ? 'delegated' : 'applicationAuthentication'
    this.#noteApplication(resourceAppId, `${flow}ResourceSignInActivity`, activity)
    this.#noteApplication(appId, `${flow}ClientSignInActivity`, activity)
    if (credential) this.#credentials.set(credential.keyId, [credential, activity])
    this.#timer ??= setTimeout(() => this.flush(), WRITE_AFTER_MS).unref()
  }

  #noteApplication(appId: string, property: string, activity: Activity): void {
    const noted = this.#applications.get(appId)
    this.#applications.set(appId, { ...noted, [property]: activity, lastSignInActivity: activity })
  }

  /** Writes down what waits. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#applications.size === 0) return
    const [credentials, applications] = [[...this.#credentials.values()], [...this.#applications]]
    this.#credentials.clear()
    this.#applications.clear()
    this.#store.transaction(() => {
      for (const [credential, activity] of credentials) this.#writeCredential(credential, activity)
      for (const [appId, activities] of applications) this.#writeApplication(appId, activities)
    })
  }

  #writeCredential(credential: UsedCredential, signInActivity: Activity): void {
    const { name, properties } = appCredentialSignInActivities
    const { keyId, resourceId } = credential
    const used = { resourceId, signInActivity: { ...signInActivity } }
    const [known] = this.#store.find(name, 'keyId', keyId)
    if (known !== undefined) {
      this.#store.replace(name, known, { ...known.data, ...used })
      return
    }
    const id = Buffer.from(`${keyId}|application|Client`).toString('base64url')
    this.#store.insert(name, id, {
      ...defaultsOf(properties),
      ...describe(credential),
      id,
      createdDateTime: signInActivity.lastSignInDateTime,
      ...used,
    })
  }

  #writeApplication(appId: string, activities: Readonly<Record<string, Activity>>): void {
    const { name, properties } = servicePrincipalSignInActivities
    const used = Object.fromEntries(Object.entries(activities).map(([key, each]) => [key, { ...each }]))
    const [known] = this.#store.find(name, 'appId', appId)
    if (known !== undefined) {
      this.#store.replace(name, known, { ...known.data, ...used })
      return
    }
    const id = Buffer.from(appId).toString('base64url')
    this.#store.insert(name, id, { ...defaultsOf(properties), id, appId, ...used })
  }
}

function describe({ keyId, application, servicePrincipal }: UsedCredential): Data {
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
