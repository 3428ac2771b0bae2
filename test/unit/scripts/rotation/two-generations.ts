import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import { type Delivery, DeliveryError, type DeliveryTarget } from '../../../../scripts/delivery/index.ts'
import type { CredentialProof } from '../../../../scripts/proof/index.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'
import { generation } from '../../infra/rotation/support.ts'

/** The run whose tests these are. */
export const RUN = 'me'

/** `files/main` with g1 current and g2 issued by {@link RUN}; their values are `value-1` and `value-2`. */
export function twoGenerations(
  second: Partial<Generation> = {},
  first: Partial<Generation> = {},
): StackOutputs {
  const main = [
    generation(1, 'current', { keyId: 'key-1', ...first }),
    generation(2, 'issued', { keyId: 'key-2', run: RUN, ...second }),
  ]
  return {
    apps: {
      files: {
        ...PLAIN_APP,
        secrets: {
          main: main.map(({ generation, keyId = '', endDate }) => ({
            generation,
            phase: generation === 1 ? 'current' : 'issued',
            keyId,
            displayName: `Main g${generation}`,
            endDate,
          })),
        },
      },
    },
    ledger: { files: { main } },
    secretValues: { files: { main: { 1: 'value-1', 2: 'value-2' } } },
  }
}

/** A proof with one check, or as it is overridden. */
export function proofOf(label: string, more: Partial<CredentialProof> = {}): CredentialProof {
  return {
    label,
    kind: 'secret',
    verdict: 'proved',
    attempts: 1,
    waitedMs: 0,
    stages: {},
    requests: { token: 1, graph: 0 },
    checks: [{ name: 'token', status: 'passed', detail: 'issued' }],
    ...more,
  }
}

/** A target that remembers what it was given, and refuses whatever is listed. */
export class RecordingTarget implements DeliveryTarget {
  readonly id: string
  readonly given: string[] = []
  readonly #refuses: Readonly<Record<string, { readonly exposed: boolean }>>
  readonly #version: string | undefined

  /** @param refuses values, and whether a consumer may have read them in spite of that */
  constructor(
    id: string,
    refuses: Readonly<Record<string, { readonly exposed: boolean }>> = {},
    version?: string,
  ) {
    this.id = id
    this.#refuses = refuses
    this.#version = version
  }

  async deliver({ value }: Delivery, { beforeWrite }: { beforeWrite?: () => Promise<void> } = {}) {
    await beforeWrite?.()
    const refusal = this.#refuses[value]
    if (refusal) throw new DeliveryError(this.id, 'it is down', refusal)
    this.given.push(value)
    return this.#version === undefined ? {} : { version: this.#version }
  }

  async holds({ value }: Delivery): Promise<'yes' | 'no'> {
    return this.given.at(-1) === value ? 'yes' : 'no'
  }
}
