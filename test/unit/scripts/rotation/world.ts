import type { Intent } from '../../../../infra/contract/intent.ts'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import { type DeliveryDeclaration, targetId } from '../../../../infra/declaration/schema/delivery.ts'
import type { AppDeclaration } from '../../../../infra/declaration/schema.ts'
import { isLive, type Ledger } from '../../../../infra/rotation/generation.ts'
import { advanceLedger } from '../../../../infra/rotation/ledger.ts'
import type { RotationRequest } from '../../../../infra/rotation/plan.ts'
import { policiesOf } from '../../../../infra/rotation/policy.ts'
import { readDeclaration } from '../../../../infra/rules/validate.ts'
import { DeliveryError, type DeliveryTarget } from '../../../../scripts/delivery/index.ts'
import type { HeldKey } from '../../../../scripts/proof/directory/held-keys.ts'
import type { CredentialProof } from '../../../../scripts/proof/index.ts'
import type { RotationPorts } from '../../../../scripts/rotation/ports.ts'
import { plan, type RotationReport, rotate } from '../../../../scripts/rotation/rotate.ts'
import type { StateCredential } from '../../../../scripts/stack/engine-state.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'
import { START } from '../../infra/rotation/support.ts'

/** The process is gone, at a point where it could have gone. */
export class Crash extends Error {}

export interface Faults {
  /** The run dies at its n-th point, counted from 0. */
  readonly crashAt?: number
  /** The proof of a new generation fails. */
  readonly proof?: boolean
  /** A target does not take it, or takes it and does not say so. */
  readonly target?: { readonly index: number; readonly how: 'down' | 'lost-answer' }
}

const HOUR = 3_600_000

/** One application with one secret and its targets, and the consumers that read them, all in memory. */
export class World {
  now = START
  /** What the tenant accepts: value → end. */
  readonly tenant = new Map<string, { keyId: string; end: number }>()
  /** What the state knows: generation → value. */
  readonly state = new Map<number, string>()
  readonly held = new Map<string, string>()
  readonly lastUsed = new Map<string, Date>()
  /** Secrets that somebody else made, by key id. */
  readonly foreign = new Map<string, HeldKey>()
  readonly consumers: Consumer[] = []
  outputs: StackOutputs | undefined
  requests = 0
  /** Proofs so far. */
  proved = 0
  /** Something that happens while a target takes a value. */
  duringWrite: ((value: string) => Promise<void>) | undefined
  failures: string[] = []
  #issued = 0
  #runs = 0
  readonly #declared: Readonly<Record<string, AppDeclaration>>
  readonly targetIds: string[]

  constructor(secret: object, targets: readonly DeliveryDeclaration[], app: object = {}) {
    const read = readDeclaration({
      files: {
        displayName: 'Files',
        ...app,
        secrets: { main: { displayName: 'Main', ...secret, deliver: targets } },
      },
    })
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    this.#declared = read.value
    this.targetIds = targets.map(targetId)
    this.deploy({ steps: [] })
  }

  get main() {
    return this.ledger['files']?.['main'] ?? []
  }

  get ledger(): Ledger {
    return this.outputs?.ledger ?? {}
  }

  /** What `pulumi stack export` shows. */
  credentials(): StateCredential[] {
    return [...this.state].map(([generation, value]) => ({
      name: `files-main-g${generation}`,
      kind: 'secret',
      keyId: this.tenant.get(value)?.keyId ?? '',
      startDate: START.toISOString(),
      endDate: START.toISOString(),
    }))
  }

  /** A consumer that reads a target every so many hours and requests a token every hour. */
  addConsumer(target: number, everyHours: number): void {
    const id = this.targetIds[target] ?? ''
    this.consumers.push({
      target: id,
      every: everyHours * HOUR,
      readAt: this.now.getTime(),
      value: undefined,
    })
  }

  /** Lets time pass, hour by hour, with all consumers at work. */
  pass(hours: number): void {
    for (let i = 0; i < hours; i++) {
      this.now = new Date(this.now.getTime() + HOUR)
      for (const consumer of this.consumers) this.#request(consumer)
    }
  }

  #request(consumer: Consumer): void {
    if (consumer.value === undefined || this.now.getTime() - consumer.readAt >= consumer.every) {
      consumer.value = this.held.get(consumer.target)
      consumer.readAt = this.now.getTime()
    }
    if (consumer.value === undefined) return
    this.requests++
    const known = this.tenant.get(consumer.value)
    if (known && known.end > this.now.getTime()) this.lastUsed.set(known.keyId, this.now)
    else this.failures.push(`${this.now.toISOString()} ${consumer.target}: ${consumer.value}`)
  }

  /**
   * `rotate` as a process of its own: it ends, or dies.
   *
   * @param pause is awaited before each thing it does, so that several runs can be interleaved
   */
  async run(
    mode: RotationRequest['mode'] = 'due',
    faults: Faults = {},
    pause?: () => Promise<void>,
  ): Promise<Ended> {
    const ports = this.#ports(new Points(faults), pause ?? (async () => {}))
    try {
      return await rotate(await plan({ mode }, ports), ports)
    } catch (error) {
      if (error instanceof Crash) return 'crashed'
      throw error
    }
  }

  /** A plain `pulumi up`, or the one of a run: resources first, then the ledger, as Pulumi does, under its lock. */
  deploy(intent: Intent, points = new Points({})): void {
    points.pass()
    const now = intent.at ? new Date(intent.at) : this.now
    const { ledger } = advanceLedger(this.ledger, policiesOf(this.#declared), intent.steps, now)
    const main = ledger['files']?.['main'] ?? []
    for (const { generation, endDate } of main.filter(isLive)) {
      if (this.state.has(generation)) continue
      const value = `value-${++this.#issued}`
      this.tenant.set(value, { keyId: `key-${this.#issued}`, end: Date.parse(endDate) })
      points.pass()
      this.state.set(generation, value)
    }
    for (const [generation, value] of [...this.state]) {
      if (main.some((each) => each.generation === generation && isLive(each))) continue
      this.tenant.delete(value)
      points.pass()
      this.state.delete(generation)
    }
    points.pass()
    this.outputs = this.#outputsOf({ files: { main: main.map((each) => this.#withKey(each)) } })
    points.pass()
  }

  #withKey<T extends { generation: number }>(each: T): T {
    const value = this.state.get(each.generation)
    const known = value === undefined ? undefined : this.tenant.get(value)
    return known ? { ...each, keyId: known.keyId } : each
  }

  #outputsOf(ledger: Ledger): StackOutputs {
    const live = (ledger['files']?.['main'] ?? []).filter(isLive)
    return {
      apps: {
        files: {
          ...PLAIN_APP,
          secrets: {
            main: live.map(({ generation, phase, keyId = '', endDate }) => ({
              generation,
              phase: phase === 'retired' ? 'previous' : phase,
              keyId,
              displayName: `Main g${generation}`,
              endDate,
            })),
          },
        },
      },
      ledger: ledger as StackOutputs['ledger'],
      secretValues: {
        files: { main: Object.fromEntries([...this.state].map(([each, value]) => [each, value])) },
      },
    }
  }

  #ports(points: Points, pause: () => Promise<void>): RotationPorts {
    return {
      stack: {
        declared: async () => this.#declared,
        outputs: async () => {
          await pause()
          return this.outputs ?? expectOutputs()
        },
        credentials: async () => {
          await pause()
          return this.credentials()
        },
        deploy: async (intent) => {
          await pause()
          this.deploy(intent, points)
        },
      },
      prove: async ({ label, credential }) => {
        await pause()
        points.pass()
        const value = credential.kind === 'secret' ? credential.value : ''
        this.proved++
        const spoilt = points.faults.proof === true && this.#isNewest(value)
        return proof(label, this.tenant.has(value) && !spoilt)
      },
      proveRefused: async ({ label, credential }) => {
        await pause()
        points.pass()
        return proof(label, credential.kind === 'secret' && !this.tenant.has(credential.value))
      },
      openTarget: (declaration) => this.#target(targetId(declaration), points, pause),
      heldKeys: async () => new Map([['files', new Map([...this.#heldSecrets(), ...this.foreign])]]),
      lastUses: async () => this.lastUsed,
      removeCopies: async () => 0,
      now: () => this.now,
      run: `run-${++this.#runs}`,
      note: () => {},
    }
  }

  #heldSecrets(): [string, HeldKey][] {
    return [...this.tenant.values()].map(({ keyId }) => [
      keyId,
      { kind: 'secret', displayName: 'Main', endDate: undefined },
    ])
  }

  #isNewest(value: string): boolean {
    return value === this.state.get(Math.max(...this.state.keys()))
  }

  #target(id: string, points: Points, pause: () => Promise<void>): DeliveryTarget {
    return {
      id,
      deliver: async ({ value }, { beforeWrite } = {}) => {
        await pause()
        points.pass()
        const { target } = points.faults
        const isHit = target && this.targetIds[target.index] === id && this.#isNewest(value)
        if (isHit && target.how === 'down') throw new DeliveryError(id, 'it is down', { exposed: false })
        if (this.held.get(id) !== value) await beforeWrite?.()
        // The write itself takes its time: a command may hang, a machine may sleep.
        await pause()
        await this.duringWrite?.(value)
        this.held.set(id, value)
        if (isHit && target.how === 'lost-answer') throw new DeliveryError(id, 'no answer', { exposed: true })
        points.pass()
        return {}
      },
      holds: async ({ value }) => {
        await pause()
        return this.held.get(id) === value ? 'yes' : 'no'
      },
    }
  }
}

/** Counts the points at which a run could die, and lets it die at the one that is asked for. */
class Points {
  readonly faults: Faults
  #passed = 0

  constructor(faults: Faults) {
    this.faults = faults
  }

  pass(): void {
    if (this.#passed++ === this.faults.crashAt) throw new Crash()
  }
}

type Ended = RotationReport | 'crashed'

interface Consumer {
  readonly target: string
  readonly every: number
  readAt: number
  value: string | undefined
}

function expectOutputs(): never {
  throw new Error('nothing was deployed')
}

function proof(label: string, ok: boolean): CredentialProof {
  return {
    label,
    kind: 'secret',
    verdict: ok ? 'proved' : 'wrong',
    attempts: 1,
    waitedMs: 0,
    stages: {},
    requests: { token: 1, graph: 0 },
    checks: [{ name: 'token', status: ok ? 'passed' : 'failed', detail: ok ? 'issued' : 'AADSTS7000215' }],
  }
}
