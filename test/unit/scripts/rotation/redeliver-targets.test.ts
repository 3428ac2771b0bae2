import { describe, expect, it } from 'vitest'
import type { Intent } from '../../../../infra/contract/intent.ts'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import { targetId } from '../../../../infra/declaration/schema/delivery.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import type { DeliveryRecord } from '../../../../infra/rotation/generation.ts'
import { DeliveryError } from '../../../../scripts/delivery/index.ts'
import type { RotationPorts } from '../../../../scripts/rotation/ports.ts'
import { redeliver, type Selection } from '../../../../scripts/rotation/redeliver.ts'
import type { StateCredential } from '../../../../scripts/stack/engine-state.ts'
import { generation } from '../../infra/rotation/support.ts'

const A = 'dotenv:a.env#S'
const B = 'dotenv:b.env#S'
const NOW = '2026-03-10T12:00:00Z'

interface FakeTarget {
  /** What it says before it is written, and afterwards. */
  readonly holds?: 'yes' | 'no' | 'unknown' | Error
  readonly after?: 'yes' | 'no' | 'unknown'
  readonly version?: string
  readonly fails?: Error
}

interface Given {
  readonly targets?: Readonly<Record<string, FakeTarget>>
  readonly records?: readonly DeliveryRecord[]
  readonly credentials?: readonly StateCredential[]
  /** The generation is not in the ledger any more when a target is about to be written. */
  readonly isLost?: boolean
}

const recordOf = (target: string, more: Partial<DeliveryRecord> = {}): DeliveryRecord => ({
  target,
  at: '2026-03-01T10:20:30Z',
  keyId: 'key-2',
  ...more,
})
const unrecorded = (generation: number): StateCredential => ({
  name: `files-main-g${generation}`,
  kind: 'secret',
  keyId: `key-${generation}`,
  startDate: NOW,
  endDate: NOW,
})

/** `deliver` of one secret whose second generation is current. */
async function run({ targets = {}, records = [], ...given }: Given, selection: Selection = {}) {
  const deliver = Object.keys(targets).map((id) => ({
    dotenv: { file: id.slice('dotenv:'.length, -'#S'.length), variable: 'S' },
  }))
  const declared = {
    files: appDeclaration.parse({
      displayName: 'Files',
      secrets: { main: { displayName: 'Main', lifetime: '90d', deliver } },
    }),
  }
  const main = [generation(2, 'current', { keyId: 'key-2', deliveries: [...records] })]
  const outputsOf = (ledger: object) =>
    ({
      apps: { files: { tenantId: 't', clientId: 'c', secrets: { main }, certificates: {} } },
      ledger,
      secretValues: { files: { main: { 2: 'two' } } },
    }) as unknown as StackOutputs
  const written: string[] = []
  const deployed: Intent[] = []
  const ports = {
    stack: {
      declared: async () => declared,
      outputs: async ({ fresh = false } = {}) => outputsOf(given.isLost && fresh ? {} : { files: { main } }),
      credentials: async () => given.credentials ?? [],
      deploy: async (intent: Intent) => void deployed.push(intent),
    },
    openTarget: (declaration: Parameters<RotationPorts['openTarget']>[0]) => {
      const id = targetId(declaration)
      const { holds = 'yes', after = 'yes', version, fails } = targets[id] ?? expect.unreachable()
      return {
        id,
        holds: async () => {
          if (written.includes(id)) return after
          if (holds instanceof Error) throw holds
          return holds
        },
        deliver: async (_: unknown, { beforeWrite }: { beforeWrite: () => Promise<void> }) => {
          await beforeWrite()
          if (fails) throw fails
          written.push(id)
          return { ...(version !== undefined && { version }) }
        },
      }
    },
    now: () => new Date(NOW),
    run: 'run',
    note: () => {},
  } as unknown as RotationPorts
  const report = await redeliver(selection, ports)
  return { ...report, written, steps: deployed.flatMap(({ steps }) => steps), deployed }
}

const record = (deliveries: object[], more: object = {}) => ({
  do: 'record',
  app: 'files',
  secret: 'main',
  generation: 2,
  deliveries,
  ...more,
})
const written = (target: string, more: object = {}) => ({ target, at: NOW, keyId: 'key-2', ...more })

describe('deliver, target by target', () => {
  it('writes nothing and records nothing where every target holds the secret', async () => {
    const given = { targets: { [A]: {}, [B]: {} }, records: [recordOf(A), recordOf(B)] }
    const ended = await run(given)
    expect(ended.written).toEqual([])
    expect(ended.deployed).toEqual([])
    expect(ended.ok).toBe(true)
    expect(ended.outcomes).toMatchObject([{ result: 'delivered', detail: `${A} confirmed, ${B} confirmed` }])
  })

  it('gives it again to a target that was changed, whose readers get another overlap', async () => {
    const given = { targets: { [A]: { holds: 'no' as const }, [B]: {} }, records: [recordOf(A), recordOf(B)] }
    const ended = await run(given)
    expect(ended.written).toEqual([A])
    expect(ended.steps).toEqual([record([written(A)], { corrected: true })])
    expect(ended.outcomes).toMatchObject([{ result: 'delivered', detail: `${A} written, ${B} confirmed` }])
  })

  it.each([
    ['was never given it', []],
    ['was given a credential that is gone', [recordOf(A, { keyId: 'gone' })]],
    ['is not the one that was given it', [recordOf(B)]],
  ])('gives it to a target that %s, which changes nothing for others', async (_, records) => {
    const ended = await run({ targets: { [A]: {} }, records })
    expect(ended.written).toEqual([A])
    expect(ended.steps).toEqual([record([written(A)])])
    expect(ended.outcomes).toMatchObject([{ result: 'delivered', detail: `${A} written` }])
  })

  it('repeats it where a target cannot tell, and records only what it calls by a new name', async () => {
    const records = [recordOf(A), recordOf(B)]
    const unsure = { holds: 'unknown', after: 'unknown' } as const
    const plain = await run({ targets: { [A]: unsure, [B]: {} }, records })
    expect(plain.written).toEqual([A])
    expect(plain.steps).toEqual([])
    expect(plain.outcomes).toMatchObject([{ detail: `${A} confirmed, ${B} confirmed` }])
    const named = await run({ targets: { [A]: { ...unsure, version: 'v2' }, [B]: unsure }, records })
    expect(named.written).toEqual([A, B])
    expect(named.steps).toEqual([record([written(A, { version: 'v2' })])])
  })

  it('says which target cannot be asked, and writes to none', async () => {
    const down = new DeliveryError(A, 'it is down', { exposed: false })
    const targets = { [B]: { holds: 'no' as const }, [A]: { holds: down } }
    const ended = await run({ targets, records: [recordOf(A), recordOf(B)] })
    expect(ended.written).toEqual([])
    expect(ended.ok).toBe(false)
    expect(ended.outcomes).toMatchObject([{ result: 'failed', generation: 2, detail: down.message }])
    const broken = { [A]: { holds: new TypeError('a mistake of ours') } }
    await expect(run({ targets: broken, records: [recordOf(A)] })).rejects.toThrow('a mistake of ours')
  })

  it('records what was written before a target failed, and repeats nothing after that', async () => {
    const down = new DeliveryError(B, 'it is down', { exposed: false })
    const C = 'dotenv:c.env#S'
    const targets = {
      [A]: { holds: 'no' },
      [B]: { holds: 'no', fails: down },
      [C]: { holds: 'unknown' },
    } as const
    const ended = await run({ targets, records: [recordOf(A), recordOf(B), recordOf(C)] })
    expect(ended.written).toEqual([A])
    expect(ended.steps).toEqual([record([written(A)], { corrected: true })])
    expect(ended.ok).toBe(false)
    expect(ended.outcomes).toMatchObject([{ result: 'failed', detail: down.message }])
  })

  it('fails where a repetition fails, which leaves the records as they are', async () => {
    const down = new DeliveryError(A, 'it is down', { exposed: false })
    const ended = await run({ targets: { [A]: { holds: 'unknown', fails: down } }, records: [recordOf(A)] })
    expect(ended.steps).toEqual([])
    expect(ended.outcomes).toMatchObject([{ result: 'failed', detail: down.message }])
  })

  it('records nothing where something else was written meanwhile', async () => {
    const ended = await run({ targets: { [A]: { holds: 'no', after: 'no' } }, records: [recordOf(A)] })
    expect(ended.steps).toEqual([])
    expect(ended.ok).toBe(false)
    expect(ended.outcomes).toMatchObject([
      { result: 'failed', detail: `${A}: something else was written there after the secret` },
    ])
  })

  it.each(['no', 'unknown'] as const)('gives way to another run, where a target says %s', async (holds) => {
    const ended = await run({ targets: { [A]: { holds } }, records: [recordOf(A)], isLost: true })
    expect(ended.written).toEqual([])
    expect(ended.steps).toEqual([])
    expect(ended.outcomes).toMatchObject([
      { result: 'failed', detail: 'g2 is not in the ledger any more; run the command again' },
    ])
  })

  it('has nothing to say about a secret without targets', async () => {
    expect(await run({})).toMatchObject({ ok: true, outcomes: [], deployed: [] })
  })
})

describe('deliver of some secrets', () => {
  const given = { targets: { [A]: { holds: 'no' as const } }, records: [recordOf(A)] }

  it.each([
    ['its application', { app: 'files' }, [A]],
    ['its name', { secret: 'main' }, [A]],
    ['another application', { app: 'mail' }, []],
    ['another name', { app: 'files', secret: 'other' }, []],
  ])('goes by %s', async (_, selection, expected) => {
    expect((await run(given, selection)).written).toEqual(expected)
  })

  it('deletes first what a killed run has issued, of the selected ones only', async () => {
    const credentials = [unrecorded(3)]
    const ended = await run({ ...given, credentials })
    expect(ended.deployed[0]?.steps).toEqual([])
    expect(ended.outcomes).toMatchObject([
      { result: 'retired', generation: 3 },
      { result: 'delivered', generation: 2 },
    ])
    const others = await run({ ...given, credentials }, { app: 'mail' })
    expect(others.outcomes).toEqual([])
    expect(others.deployed).toEqual([])
  })
})
