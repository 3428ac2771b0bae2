import type { Intent } from '../../infra/contract/intent.ts'
import type { RotationOutputs, StackOutputs } from '../../infra/contract/outputs.ts'
import type { DeliveryDeclaration } from '../../infra/declaration/schema/delivery.ts'
import type { DeliveryTarget } from '../delivery/index.ts'
import type { HeldKeys } from '../proof/directory/held-keys.ts'
import type { CredentialProof, CredentialTarget } from '../proof/index.ts'
import type { StateCredential } from '../stack/engine-state.ts'

/** The stack that is rotated. */
export interface StackPort {
  /**
   * The applications as they are declared now, which is what the next deployment will go by. Of a program of its own, in
   * whatever language, that is what it exported when it was deployed last.
   */
  declared(): Promise<Readonly<Record<string, RotationOutputs>>>
  /**
   * What the last deployment left, secret values included.
   *
   * @param options `fresh` reads again what other runs may have deployed since. Default: what was read since the last
   *   deployment of this run.
   */
  outputs(options?: { readonly fresh?: boolean }): Promise<StackOutputs>
  /** The client secrets and certificates that the engine's state holds, recorded in the outputs or not. */
  credentials(): Promise<readonly StateCredential[]>
  /** Deploys the stack with the steps of a rotation. */
  deploy(intent: Intent): Promise<void>
}

/** What a rotation needs from the world. Everything behind it can be replaced in a test. */
export interface RotationPorts {
  readonly stack: StackPort
  readonly prove: (target: CredentialTarget) => Promise<CredentialProof>
  readonly proveRefused: (target: Omit<CredentialTarget, 'expected'>) => Promise<CredentialProof>
  readonly openTarget: (declaration: DeliveryDeclaration) => DeliveryTarget
  /**
   * When each credential was last used, by key id.
   *
   * @returns undefined where the tenant does not report it, or not to this identity
   */
  readonly lastUses: () => Promise<ReadonlyMap<string, Date> | undefined>
  /**
   * Deletes what is left in the tenant of a retired certificate under other key ids, and says how many there were.
   *
   * @throws CommandError when the directory cannot be read, or a copy cannot be deleted
   */
  readonly removeCopies: (place: { app: string; objectId: string }, thumbprint: string) => Promise<number>
  /** What the directory holds. Left out where no deployer may ask it. */
  readonly heldKeys?: (outputs: StackOutputs) => Promise<HeldKeys>
  readonly now: () => Date
  /** Names this run in the ledger; no two runs have the same. */
  readonly run: string
  /** Takes a line about progress. */
  readonly note: (line: string) => void
}

/** How a rotation ended for one generation of one secret. */
export interface Outcome {
  readonly app: string
  readonly secret: string
  readonly generation: number
  readonly result:
    | 'rotated'
    | 'delivered'
    | 'retired'
    /** It failed and is gone, or goes after its overlap. The generation before it is as it was. */
    | 'withdrawn'
    /** Nothing was done, to keep consumers safe. */
    | 'held'
    | 'failed'
    | 'blocked'
  /** What happened, for people. Never holds a secret. */
  readonly detail: string
}

/** Whether the run did what was asked for. A retirement that waits for consumers is not a failure. */
export function isFailure({ result }: Outcome): boolean {
  return result === 'withdrawn' || result === 'failed' || result === 'blocked'
}
