import { expect, it } from 'vitest'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import { unrecordedIn } from '../../../../scripts/stack/unrecorded.ts'

const generation = (number: number, phase: Generation['phase'], keyId: string): Generation => ({
  generation: number,
  phase,
  keyId,
  issuedAt: '2026-01-01T00:00:00Z',
  endDate: '2026-07-01T00:00:00Z',
})
const inState = (name: string, keyId: string) =>
  ({
    name,
    kind: 'secret',
    keyId,
    startDate: '2026-01-01T00:00:00Z',
    endDate: '2026-07-01T00:00:00Z',
  }) as const
const keysOf = (...args: Parameters<typeof unrecordedIn>) => unrecordedIn(...args).map(({ keyId }) => keyId)

it('finds what the state holds and the ledger does not, by generation and key id', () => {
  const ledger = { files: { main: [generation(1, 'retired', 'k1'), generation(2, 'current', 'k2')] } }
  expect(keysOf([inState('files-main-g2', 'k2')], ledger, {})).toEqual([])
  expect(unrecordedIn([inState('files-main-g3', 'k3')], ledger, {})).toEqual([
    expect.objectContaining({ app: 'files', secret: 'main', generation: 3, keyId: 'k3' }),
  ])
  // A retired one that is still there, and a current one that was replaced and not deleted yet.
  expect(keysOf([inState('files-main-g1', 'k1'), inState('files-main-g2', 'old')], ledger, {})).toEqual([
    'k1',
    'old',
  ])
})

it('knows names with hyphens, new credentials, and those that have no generations', () => {
  const policy = {} as never
  const ledger = { 'a-b': { c: [] } }
  const policies = { a: { 'b-d': policy } }
  const found = unrecordedIn(
    [
      inState('a-b-c-g1', 'k1'),
      inState('a-b-d-g1', 'k2'),
      inState('a-given', 'k3'),
      inState('other-g1', 'k4'),
    ],
    ledger,
    policies,
  )
  expect(found.map(({ app, secret }) => [app, secret])).toEqual([
    ['a-b', 'c'],
    ['a', 'b-d'],
  ])
})
