import { describe, expect, it } from 'vitest'
import type { Intent } from '../../../../infra/contract/intent.ts'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import { policiesOf } from '../../../../infra/rotation/policy.ts'
import { CommandError } from '../../../../scripts/lib/errors.ts'
import type { RotationPorts } from '../../../../scripts/rotation/ports.ts'
import { retire } from '../../../../scripts/rotation/retire.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'
import { generation } from '../../infra/rotation/support.ts'

const NOW = new Date('2026-03-10T12:00:00Z')

interface Given {
  /** What the deployment leaves of the previous generation; undefined when nothing at all. */
  readonly left?: Partial<Generation> | undefined
  readonly ledger?: readonly Generation[]
  readonly refused?: boolean
  readonly copies?: number | Error
  readonly deploys?: Intent[]
}

const PREVIOUS = generation(1, 'previous', { keyId: 'key-1', retireAfter: '2026-03-08T00:00:00Z' })
const CURRENT = generation(2, 'current', { keyId: 'key-2' })

/** Retires the first generation of a secret without targets. */
async function run(given: Given) {
  const { ledger = [PREVIOUS, CURRENT], refused = true, copies = 0, deploys = [] } = given
  const left = 'left' in given ? given.left : { phase: 'retired' as const }
  const declared = {
    files: appDeclaration.parse({
      displayName: 'Files',
      secrets: { main: { displayName: 'Main', lifetime: '90d' } },
    }),
  }
  const outputsOf = (main: readonly Generation[]) =>
    ({
      apps: {
        files: { ...PLAIN_APP, objectId: 'o', secrets: { main: ledger } },
      },
      ledger: { files: { main } },
      secretValues: { files: { main: { 1: 'one', 2: 'two' } } },
    }) as unknown as StackOutputs
  const asked: object[] = []
  const notes: string[] = []
  const removed: object[] = []
  const ports = {
    stack: {
      outputs: async () =>
        outputsOf(deploys.length === 0 ? ledger : [...(left ? [{ ...PREVIOUS, ...left }] : []), CURRENT]),
      deploy: async (intent: Intent) => void deploys.push(intent),
    },
    openTarget: () => expect.unreachable(),
    lastUses: async () => undefined,
    now: () => NOW,
    run: 'run',
    note: (line: string) => void notes.push(line),
    proveRefused: async (target: object) => {
      asked.push(target)
      const checks = [{ detail: 'AADSTS7000215' }, { detail: 'a token was issued' }]
      return { verdict: refused ? 'proved' : 'wrong', checks }
    },
    removeCopies: async (...args: unknown[]) => {
      removed.push(args)
      if (copies instanceof Error) throw copies
      return copies
    },
  } as unknown as RotationPorts
  const retirement = {
    app: 'files',
    secret: 'main',
    do: 'retire',
    generation: 1,
    because: '',
    first: false,
  } as const
  const outcomes = await retire([{ ...retirement, force: false }], declared, policiesOf(declared), ports)
  return { outcome: outcomes[0], asked, notes, removed, deploys }
}

describe('what is said of a retirement', () => {
  it('proves that it is refused, with the value it had', async () => {
    const { outcome, asked, deploys } = await run({})
    expect(deploys).toEqual([
      {
        at: '2026-03-10T12:00:00Z',
        steps: [{ do: 'retire', app: 'files', secret: 'main', generation: 1, force: false }],
      },
    ])
    expect(outcome).toEqual({
      app: 'files',
      secret: 'main',
      generation: 1,
      result: 'retired',
      detail: 'deleted, and refused since',
    })
    expect(asked).toMatchObject([{ credential: { value: 'one' }, changedAt: { credential: NOW } }])
    expect(asked[0]).not.toHaveProperty('expected')
  })

  it('fails where it is still accepted', async () => {
    expect((await run({ refused: false })).outcome).toMatchObject({
      result: 'failed',
      detail: 'deleted, but not proved to be refused: AADSTS7000215; a token was issued',
    })
  })

  it('says what the deployment left, and asks the tenant nothing', async () => {
    const { outcome, asked } = await run({ left: { phase: 'previous' } })
    expect(outcome).toMatchObject({
      result: 'held',
      detail: 'the deployment left it previous; its warnings say why',
    })
    expect(asked).toEqual([])
  })

  it('goes by the tenant when the ledger has forgotten it', async () => {
    expect((await run({ left: undefined })).outcome).toMatchObject({ result: 'retired' })
  })

  it.each([
    ['it', [CURRENT]],
    ['a current one', [PREVIOUS]],
  ])('deploys nothing when the ledger does not hold %s any more', async (_, ledger) => {
    const { outcome, asked, removed, deploys } = await run({ ledger })
    expect(outcome).toMatchObject({ result: 'held', detail: 'the ledger does not hold it any more' })
    expect([deploys, asked, removed]).toEqual([[], [], []])
  })
})

describe('copies of a retired certificate', () => {
  const retired = { phase: 'retired', thumbprint: 'AB' } as const

  it('are deleted, and counted in a note', async () => {
    const { removed, notes } = await run({ left: retired, copies: 2 })
    expect(removed).toEqual([[{ app: 'files', objectId: 'o' }, 'AB']])
    expect(notes).toContain('files/main: deleted 2 more of g1, left by a killed deployment')
  })

  it('are not mentioned where there are none', async () => {
    const { notes } = await run({ left: retired })
    expect(notes).toEqual(['files/main: proving that g1 is refused'])
  })

  it.each([
    ['a secret', { phase: 'retired' }],
    ['one that is not retired', { phase: 'previous', thumbprint: 'AB' }],
  ] as const)('are not looked for where it is %s', async (_, left) => {
    expect((await run({ left })).removed).toEqual([])
  })

  it('do not keep it from being proved when they cannot be deleted', async () => {
    const copies = new CommandError('PRUNE_FAILED', 'the copy could not be deleted')
    const { notes, outcome } = await run({ left: retired, copies })
    expect(notes[0]).toBe('files/main: the copy could not be deleted')
    expect(outcome).toMatchObject({ result: 'retired' })
    await expect(run({ left: retired, copies: new TypeError('a mistake of ours') })).rejects.toThrow(
      'of ours',
    )
  })
})
