import { describe, expect, it } from 'vitest'
import type { CredentialProof, CredentialTarget } from '../../../../scripts/proof/index.ts'
import { judgeGeneration, proofTarget } from '../../../../scripts/rotation/prove-generation.ts'
import { proofOf, twoGenerations } from './two-generations.ts'

const NOW = new Date('2026-03-31T00:00:00Z')
const outputs = twoGenerations()
const name = { app: 'files', secret: 'main' }

describe('what is proved about a generation', () => {
  it('is its own value', () => {
    const { label, credential } = proofTarget(name, 2, outputs)
    expect({ label, credential }).toMatchObject({
      label: 'main g2',
      credential: { kind: 'secret', value: 'value-2' },
    })
  })

  it('is of its own application', () => {
    const files = outputs.apps['files']
    if (!files) throw new Error('there is one')
    const both = { ...outputs, apps: { other: { ...files, secrets: {} }, files } }
    expect(proofTarget(name, 2, both).label).toBe('main g2')
  })

  it.each([
    ['a generation', name, 3],
    ['a credential', { ...name, secret: 'other' }, 1],
    ['an application', { ...name, app: 'mail' }, 1],
  ])('is nothing where the stack has no such %s', (_, wanted, number) => {
    expect(() => proofTarget(wanted, number, outputs)).toThrow(
      new RangeError(`The stack holds no value for g${number} of ${wanted.app}/${wanted.secret}`),
    )
  })
})

describe('a new generation', () => {
  const failed = (...names: string[]): Partial<CredentialProof> => ({
    verdict: 'wrong',
    checks: [
      { name: 'clock', status: 'passed', detail: 'right' },
      ...names.map((each) => ({ name: each, status: 'failed' as const, detail: `no ${each}` })),
    ],
  })
  const token = { stages: { token: 1 } }
  const [candidate, current] = [proofTarget(name, 2, outputs), proofTarget(name, 1, outputs)]
  const judge = async (
    next: Partial<CredentialProof>,
    now: Partial<CredentialProof> = {},
    before: CredentialTarget | undefined = current,
  ) => {
    const asked: CredentialTarget[] = []
    const judgement = await judgeGeneration(candidate, before, {
      prove: async (target) => {
        asked.push(target)
        return proofOf(target.label, target.label === 'main g2' ? next : now)
      },
      now: () => NOW,
    })
    return { ...judgement, asked: asked.map(({ label, changedAt }) => [label, changedAt?.credential]) }
  }
  const onlyNew = [['main g2', NOW]]
  const both = [
    ['main g2', NOW],
    ['main g1', new Date('2026-03-01T10:20:30Z')],
  ]

  it('is good when it is proved, and says by how many checks', async () => {
    const checks: CredentialProof['checks'] = [
      { name: 'token', status: 'passed', detail: 'issued' },
      { name: 'expiry', status: 'warning', detail: 'soon' },
      { name: 'probe', status: 'passed', detail: 'found' },
    ]
    expect(await judge({ checks })).toEqual({ ok: true, detail: 'proved (2 checks)', asked: onlyNew })
  })

  it('is not when it did not work steadily', async () => {
    const detail = 'it did not work steadily before the deadline'
    expect(await judge({ verdict: 'wrong', ...token })).toEqual({ ok: false, detail, asked: onlyNew })
  })

  it('is not when it gets no token, whatever the current one does', async () => {
    const detail = 'token: no token; probe: no probe'
    expect(await judge(failed('token', 'probe'), failed('token', 'probe'))).toEqual({
      ok: false,
      detail,
      asked: onlyNew,
    })
  })

  it('is not when something fails that works with the current one', async () => {
    const next = { ...failed('roles', 'probe'), ...token }
    expect(await judge(next, failed('probe'))).toEqual({
      ok: false,
      detail: 'roles: no roles; probe: no probe',
      asked: both,
    })
    expect(await judge(next)).toMatchObject({ ok: false })
  })

  it('is good when all that fails does so with the current one', async () => {
    expect(await judge({ ...failed('probe'), ...token }, failed('roles', 'probe'))).toEqual({
      ok: true,
      detail: 'yields tokens like the current one, which fails the same: probe: no probe',
      asked: both,
    })
  })

  it('has nothing to be compared with where none is current', async () => {
    const judged = await judgeGeneration(candidate, undefined, {
      prove: async ({ label }) => proofOf(label, { ...failed('probe'), ...token }),
      now: () => NOW,
    })
    expect(judged).toEqual({ ok: false, detail: 'probe: no probe' })
  })
})
