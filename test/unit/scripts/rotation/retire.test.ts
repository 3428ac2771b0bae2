import { describe, expect, it } from 'vitest'
import type { Intent } from '../../../../infra/contract/intent.ts'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import { policiesOf } from '../../../../infra/rotation/policy.ts'
import { DeliveryError } from '../../../../scripts/delivery/index.ts'
import { confirm } from '../../../../scripts/rotation/deliver.ts'
import type { RotationPorts } from '../../../../scripts/rotation/ports.ts'
import { retire } from '../../../../scripts/rotation/retire.ts'
import { generation } from '../../infra/rotation/support.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const TARGET = 'dotenv:.env#S'
const HELD = { target: TARGET, at: '2026-03-01T10:20:30Z', keyId: 'key-2' }

interface Given {
  readonly overlap?: string
  readonly previous?: Partial<Generation>
  readonly current?: Partial<Generation>
  readonly lastUse?: string | undefined
  readonly holds?: 'yes' | 'no' | 'unknown'
}

/** A stack with a previous generation that may go, and a target that says what it holds. */
function stackOf({ overlap = '7d', previous, current, lastUse, holds = 'yes' }: Given) {
  const deliver = [{ dotenv: { file: '.env', variable: 'S' } }]
  const declared = {
    files: appDeclaration.parse({
      displayName: 'Files',
      secrets: { main: { displayName: 'Main', lifetime: '90d', rotateEvery: '30d', overlap, deliver } },
    }),
  }
  const main = [
    generation(1, 'previous', { keyId: 'key-1', retireAfter: '2026-03-08T00:00:00Z', ...previous }),
    generation(2, 'current', { keyId: 'key-2', deliveries: [HELD], ...current }),
  ]
  const outputs = {
    apps: {
      files: {
        tenantId: 't',
        clientId: 'c',
        secrets: {
          main: main.map(({ generation: number, keyId, endDate }) => ({
            generation: number,
            keyId,
            endDate,
          })),
        },
        certificates: {},
        permissions: {},
        probes: [],
      },
    },
    ledger: { files: { main } },
    secretValues: { files: { main: { 1: 'one', 2: 'two' } } },
  } as unknown as StackOutputs
  const deployed: Intent[] = []
  const written: string[] = []
  const ports = {
    stack: { outputs: async () => outputs, deploy: async (intent: Intent) => void deployed.push(intent) },
    openTarget: () => ({
      id: TARGET,
      holds: async () => holds,
      deliver: async ({ value }: { value: string }) => {
        written.push(value)
        return {}
      },
    }),
    lastUses: async () => (lastUse === undefined ? undefined : new Map([['key-1', new Date(lastUse)]])),
    now: () => NOW,
    run: 'run',
    note: () => {},
    proveRefused: async () => ({ verdict: 'proved', checks: [] }),
    removeCopies: async () => 0,
  } as unknown as RotationPorts
  return { declared, outputs, ports, deployed, written }
}

async function run(given: Given, force = false) {
  const { declared, ports, deployed, written } = stackOf(given)
  const retirement = {
    app: 'files',
    secret: 'main',
    do: 'retire',
    generation: 1,
    because: '',
    first: false,
    force,
  } as const
  const [outcome] = await retire([retirement], declared, policiesOf(declared), ports)
  const steps = deployed.flatMap((intent) => intent.steps)
  return { detail: outcome?.detail ?? '', steps: steps.map((each) => each.do), written, all: steps }
}

describe('a retirement', () => {
  it.each([
    ['within a day of an overlap of a week', '7d', '2026-03-09T12:00:01Z', true],
    ['a day before', '7d', '2026-03-09T12:00:00Z', false],
    ['within an overlap that is shorter than a day', '6h', '2026-03-10T06:00:01Z', true],
    ['before such an overlap', '6h', '2026-03-10T06:00:00Z', false],
  ])('waits for a consumer that used it: %s', async (_, overlap, lastUse, isHeld) => {
    const { steps, detail } = await run({ overlap, lastUse })
    expect(steps).toEqual(isHeld ? [] : ['retire'])
    if (isHeld) expect(detail).toContain(`still in use (last at ${new Date(lastUse).toISOString()})`)
  })

  it.each([
    ['it is forced', {}, true],
    ['it has leaked', { previous: { ended: 'revoked' } }, false],
    ['the tenant does not say', { lastUse: undefined }, false],
  ] as [string, Given, boolean][])('waits for nobody when %s', async (_, given, force) => {
    expect((await run({ lastUse: NOW.toISOString(), ...given }, force)).steps).toEqual(['retire'])
  })

  it('writes to no target that holds the current one, or cannot tell', async () => {
    expect((await run({ holds: 'yes' })).written).toEqual([])
    expect((await run({ holds: 'unknown' })).written).toEqual([])
  })

  it.each([
    ['the target holds something else', { holds: 'no' }],
    ['the target was never given it', { current: { deliveries: [] } }],
    [
      'what the target was given is a credential that is gone',
      { current: { deliveries: [{ ...HELD, keyId: 'gone' }] } },
    ],
    ['another target was given it', { current: { deliveries: [{ ...HELD, target: 'dotenv:b.env#S' }] } }],
  ] as [string, Given][])('delivers the current one again and waits, when %s', async (_, given) => {
    const { steps, written, detail, all } = await run(given)
    expect(written).toEqual(['two'])
    expect(steps).toEqual(['record'])
    expect(all[0]).toMatchObject({
      generation: 2,
      corrected: true,
      deliveries: [{ target: TARGET, keyId: 'key-2' }],
    })
    expect(detail).toBe(
      `${TARGET} did not hold g2, which was delivered there again: kept for another overlap`,
    )
    expect((await run(given, true)).steps).toEqual(['record', 'retire'])
  })
})

describe('confirm', () => {
  it('says which target cannot be asked, and writes to none', async () => {
    const { outputs, written, ports } = stackOf({})
    const facts = outputs.apps['files']?.secrets['main']?.[1]
    const delivery = {
      app: 'files',
      secret: 'main',
      kind: 'secret',
      generation: 2,
      tenantId: 't',
      clientId: 'c',
      keyId: 'key-2',
      endDate: facts?.endDate ?? '',
      value: 'two',
    } as const
    const down = new DeliveryError(TARGET, 'it is down', { exposed: false })
    const target = {
      ...ports.openTarget({ dotenv: { file: '.env', variable: 'S' } }),
      holds: () => Promise.reject(down),
    }
    const given = { deliveries: [HELD] }
    expect(await confirm([target], delivery, given, ports)).toEqual({
      records: [],
      failed: down,
      exposed: [],
    })
    expect(written).toEqual([])
    const broken = { ...target, holds: () => Promise.reject(new TypeError('a mistake of ours')) }
    await expect(confirm([broken], delivery, given, ports)).rejects.toThrow('a mistake of ours')
  })
})
