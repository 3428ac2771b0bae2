import { timingSafeEqual } from 'node:crypto'

/** One generation of a credential on its way to its consumers. Holds the value: never log it, never put it in a message. */
export interface Delivery {
  readonly app: string
  /** Name of the credential, whatever its kind. */
  readonly secret: string
  readonly kind: 'secret' | 'certificate'
  readonly generation: number
  readonly tenantId: string
  readonly clientId: string
  readonly keyId: string
  /** RFC 3339. */
  readonly endDate: string
  /** A client secret; or key and certificate as PEM, as Azure Identity reads them. */
  readonly value: string
}

/** What a target confirmed. */
export interface Receipt {
  /** The target's own name for what it stored, where it has one. */
  readonly version?: string
}

export interface WriteOptions {
  /**
   * Awaited directly before the target is changed, and not at all when it holds the secret already. A rejection with
   * {@link GenerationLost} prevents the write.
   */
  readonly beforeWrite?: () => Promise<void>
}

/** A place where consumers read a secret. */
export interface DeliveryTarget {
  /** As the ledger names it. */
  readonly id: string
  /**
   * Writes the secret, unless the target holds it already, and makes sure by reading back or as well as the target
   * allows. Doing it twice is harmless.
   *
   * @throws DeliveryError
   * @throws GenerationLost from `beforeWrite`, as it is
   */
  deliver(delivery: Delivery, options?: WriteOptions): Promise<Receipt>
  /**
   * Whether the target still holds what was delivered.
   *
   * @param version from the receipt, for targets that never show what they hold
   * @returns `unknown` when a target of this kind cannot tell
   * @throws DeliveryError when it cannot be asked
   */
  holds(delivery: Delivery, version?: string): Promise<'yes' | 'no' | 'unknown'>
}

/** A target did not take a secret, or did not confirm it. Never carries the value. */
export class DeliveryError extends Error {
  readonly code = 'DELIVERY_FAILED'
  readonly target: string
  /**
   * Whether consumers may have read the secret from the target all the same: an answer can be lost after the write.
   * While that is possible, the secret must stay valid.
   */
  readonly exposed: boolean

  constructor(target: string, reason: string, options: { exposed: boolean; cause?: unknown }) {
    super(`${target}: ${reason}`, { cause: options.cause })
    this.name = 'DeliveryError'
    this.target = target
    this.exposed = options.exposed
  }
}

/** A generation is not this run's to deliver any more: another run has taken it over, replaced or withdrawn it. */
export class GenerationLost extends Error {
  readonly code = 'GENERATION_LOST'

  constructor(message: string) {
    super(message)
    this.name = 'GenerationLost'
  }
}

/** Compares secrets in a time that tells nothing about them. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The message of an error, for a sentence that adds what it is about. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
