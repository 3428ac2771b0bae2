import { DELTA_STATES } from '../directory/delta-states.ts'
import type { ReplicaSite } from '../directory/directory.ts'
import type { Clock } from '../lib/clock.ts'
import type { Entity } from '../store/entity.ts'
import type { Entities, EntityStore } from '../store/entity-store.ts'
import { History } from './history.ts'
import { type Lag, longestLag, NO_LAG } from './lag.ts'
import { type Delays, LaggingStore, UnawareStore } from './views.ts'

/** The store with its replicas: every change reaches them when the lag of that moment has passed. */
export class Replicas {
  readonly #store: EntityStore
  readonly #now: Clock
  readonly #history = new History()
  #lag: Lag = NO_LAG

  constructor(store: EntityStore, now: Clock) {
    this.#store = store
    this.#now = now
    store.onCommit((changes) => {
      const longest = longestLag(this.#lag)
      if (longest > 0) this.#history.record(changes, now().getTime(), longest)
    })
  }

  get lag(): Lag {
    return this.#lag
  }

  /** What was on its way arrives at once; the new lag is for what is changed from now on. */
  set lag(lag: Lag) {
    this.#lag = lag
    this.#history.clear()
  }

  /** Makes every replica equal to the store. */
  catchUp(): void {
    this.#history.clear()
  }

  /** The store as that site sees it now. */
  at(site: ReplicaSite): Entities {
    if (longestLag(this.#lag) === 0) return this.#store
    if (site === 'write') return this.#forWrites(this.#lag.references)
    return new LaggingStore(this.#store, this.#history, this.#now().getTime(), delaysAt(site, this.#lag))
  }

  /** A change works on what is there now, or edits would undo each other; only what is too fresh is not found. */
  #forWrites(lag: number): Entities {
    const history = this.#history
    const moment = this.#now().getTime() - lag
    const isFresh = (set: string, entity: Entity): boolean =>
      lag > 0 && history.entityAt(set, entity.id, moment, entity) === undefined
    return new UnawareStore(this.#store, isFresh)
  }
}

function delaysAt(site: Exclude<ReplicaSite, 'write'>, lag: Lag): Delays {
  const one = (set: string) => (set === DELTA_STATES ? 0 : delayOf(lag.objects, set))
  if (site === 'object') return { one, of: one }
  // What hangs on an object is listed as soon as the object itself is found.
  if (site === 'list') return { one, of: (set) => (set === DELTA_STATES ? 0 : delayOf(lag.lists, set)) }
  const sets: { readonly [set: string]: number | undefined } = {
    applications: lag.clients,
    servicePrincipals: lag.clients,
    appRoleAssignments: lag.roles,
    oauth2PermissionGrants: lag.grants,
    federatedIdentityCredentials: lag.federatedCredentials,
  }
  const credentials = {
    passwordCredentials: lag.secrets,
    secretHashes: lag.secrets,
    keyCredentials: lag.certificates,
    certificates: lag.certificates,
  }
  const of = (set: string) => sets[set] ?? 0
  return {
    one: of,
    of,
    properties: { applications: credentials, servicePrincipals: credentials },
  }
}

function delayOf(given: number | { readonly [set: string]: number }, set: string): number {
  return typeof given === 'number' ? given : (given[set] ?? 0)
}
