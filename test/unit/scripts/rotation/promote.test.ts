import { describe, expect, it } from 'vitest'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import type { CredentialProof } from '../../../../scripts/proof/index.ts'
import type { RotationPorts } from '../../../../scripts/rotation/ports.ts'
import { proveAndDeliver } from '../../../../scripts/rotation/promote.ts'
import { proofOf, RecordingTarget, RUN, twoGenerations } from './two-generations.ts'

const NOW = new Date('2026-03-31T10:20:30Z')
const AT = '2026-03-31T10:20:30Z'
const name = { app: 'files', secret: 'main', generation: 2 }
const REFUSED: Partial<CredentialProof> = {
  verdict: 'wrong',
  checks: [{ name: 'token', status: 'failed', detail: 'AADSTS7000215' }],
}

interface Scene {
  readonly targets?: readonly RecordingTarget[]
  readonly continued?: boolean
  readonly proof?: Partial<CredentialProof>
  /** What the ledger holds when it is read again. Default: what it held before. */
  readonly later?: StackOutputs
  readonly outputs?: StackOutputs
}

async function promote({
  targets = [],
  continued = false,
  proof = {},
  later,
  outputs = twoGenerations(),
}: Scene) {
  const notes: string[] = []
  const ports = {
    stack: { outputs: async () => later ?? outputs },
    prove: async ({ label }: { label: string }) => proofOf(label, proof),
    now: () => NOW,
    run: RUN,
    note: (line: string) => notes.push(line),
  } as unknown as RotationPorts
  const { delivered, ...result } = await proveAndDeliver({ ...name, continued, targets }, outputs, ports)
  return { ...result, delivered, notes }
}

const withdrawn = (exposed: boolean) => ({ do: 'withdraw', ...name, run: RUN, exposed })
const putBack = (...targets: string[]) => ({
  do: 'record',
  app: 'files',
  secret: 'main',
  generation: 1,
  deliveries: targets.map((target) => ({ target, at: AT, keyId: 'key-1' })),
})
const takenOver = twoGenerations({ run: 'another' })

describe('a generation that is proved', () => {
  it('is promoted where nothing reads it', async () => {
    const { steps, outcome, notes } = await promote({})
    expect(steps).toEqual([{ do: 'promote', ...name, provedAt: AT, deliveries: [] }])
    expect(outcome).toEqual({ ...name, result: 'rotated', detail: 'proved (1 checks)' })
    expect(notes).toEqual(['files/main: proving g2'])
  })

  it('is delivered to all targets, and promoted with the records of it', async () => {
    const targets = [new RecordingTarget('one'), new RecordingTarget('two', {}, 'v7')]
    const { steps, outcome, notes, delivered } = await promote({ targets })
    const deliveries = [
      { target: 'one', at: AT, keyId: 'key-2' },
      { target: 'two', at: AT, keyId: 'key-2', version: 'v7' },
    ]
    expect(targets.map(({ given }) => given)).toEqual([['value-2'], ['value-2']])
    expect(steps).toEqual([{ do: 'promote', ...name, provedAt: AT, deliveries }])
    expect(outcome).toEqual({
      ...name,
      result: 'rotated',
      detail: 'proved (1 checks), delivered to one, two',
    })
    expect(notes).toEqual(['files/main: proving g2', 'files/main: delivering g2 to one, two'])
    expect(delivered).toMatchObject({ targets, records: deliveries })
    // Where it turns out not to be there after all, consumers may have read it meanwhile.
    expect(await delivered?.orElse('something else was written there')).toMatchObject({
      steps: [putBack('one', 'two'), withdrawn(true)],
      outcome: {
        result: 'withdrawn',
        detail: expect.stringMatching(/^not delivered: something else .*; g1 is back at one, two,/),
      },
    })
  })
})

describe('a generation that fails', () => {
  it('is withdrawn, and nothing else changes', async () => {
    const { steps, outcome } = await promote({ proof: REFUSED, targets: [new RecordingTarget('one')] })
    expect(steps).toEqual([withdrawn(false)])
    expect(outcome.result).toBe('withdrawn')
    expect(outcome.detail).toBe('not proved: token: AADSTS7000215; g1 is as it was')
  })

  it('is withdrawn where no other one is current', async () => {
    const outputs = twoGenerations({}, { phase: 'previous' })
    const targets = [new RecordingTarget('one', { 'value-2': { exposed: true } })]
    const { steps, outcome } = await promote({ outputs, targets })
    expect(steps).toEqual([withdrawn(true)])
    expect(outcome.detail).toBe('not delivered: one: it is down; nothing else was changed')
  })

  it('was perhaps delivered by the run that issued it, so the current one is put back', async () => {
    const one = new RecordingTarget('one')
    const { steps, outcome, notes } = await promote({ proof: REFUSED, targets: [one], continued: true })
    expect(one.given).toEqual(['value-1'])
    expect(steps).toEqual([putBack('one'), withdrawn(true)])
    expect(outcome.detail).toBe(
      'not proved: token: AADSTS7000215; g1 is back at one, and g2 stays valid for the overlap, since consumers may have read it',
    )
    expect(notes.at(-1)).toBe('files/main: putting g1 back to one')
  })

  it.each([
    ['that refused it, when it did not write', false, ['one']],
    ['that refused it, when it may have written', true, ['one', 'two']],
  ])('is put right at targets before the one %s', async (_, exposed, back) => {
    const [one, two, three] = [
      new RecordingTarget('one'),
      new RecordingTarget('two', { 'value-2': { exposed } }),
      new RecordingTarget('three'),
    ]
    const { steps } = await promote({ targets: [one, two, three] })
    expect(one.given).toEqual(['value-2', 'value-1'])
    expect(two.given).toEqual(exposed ? ['value-1'] : [])
    expect(three.given).toEqual([])
    expect(steps).toEqual([putBack(...back), withdrawn(true)])
  })

  it('that nobody can have read is only withdrawn', async () => {
    const { steps, outcome } = await promote({
      targets: [new RecordingTarget('one', { 'value-2': { exposed: false } })],
    })
    expect(steps).toEqual([withdrawn(false)])
    expect(outcome.detail).toBe('not delivered: one: it is down; g1 is as it was')
  })

  it('stays issued where the current one cannot be put back', async () => {
    const down = { exposed: true }
    const targets = [
      new RecordingTarget('one'),
      new RecordingTarget('two', { 'value-1': down, 'value-2': down }),
    ]
    const { steps, outcome } = await promote({ targets })
    expect(steps).toEqual([putBack('one')])
    expect(outcome).toEqual({
      ...name,
      result: 'failed',
      detail:
        'not delivered: two: it is down; it stays issued, because g1 could not be put back: two: it is down; both are valid, run again',
    })
  })
})

describe('a generation that another run has taken over', () => {
  it.each<[string, Scene]>([
    ['is not delivered', { targets: [new RecordingTarget('one')] }],
    ['is not withdrawn', { targets: [new RecordingTarget('one')], proof: REFUSED }],
  ])('%s', async (_, scene) => {
    const { steps, outcome, delivered } = await promote({ ...scene, later: takenOver })
    expect(scene.targets?.[0]?.given).toEqual([])
    expect({ steps, delivered }).toEqual({ steps: [], delivered: undefined })
    expect(outcome.result).toBe('failed')
    expect(outcome.detail).toMatch(/g2 was taken over by another run.*; run the command again$/)
  })
})
