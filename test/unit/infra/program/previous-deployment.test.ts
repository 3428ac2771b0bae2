import { describe, expect, it } from 'vitest'
import { underPresentNames } from '../../../../infra/program/previous-deployment.ts'
import type { Ledger } from '../../../../infra/rotation/generation.ts'

const generation = {
  generation: 1,
  phase: 'current',
  issuedAt: '2026-01-01T00:00:00Z',
  endDate: '2026-06-01T00:00:00Z',
}
const entry = { main: [generation] } as unknown as Ledger[string]
const app = (...formerly: string[]) => ({ formerly })

describe('underPresentNames', () => {
  it('moves the entry of a renamed application, and keeps the others', () => {
    const ledger: Ledger = { old: entry, other: {} }
    expect(underPresentNames(ledger, { present: app('oldest', 'old'), other: app() })).toEqual({
      present: entry,
      other: {},
    })
  })

  it.each([
    ['the present name has an entry', { present: {}, old: entry }, { present: app('old') }],
    ['the former name belongs to another application', { old: entry }, { present: app('old'), old: app() }],
    ['nothing was renamed', { present: entry }, { present: app() }],
  ])('changes nothing when %s', (_, ledger, apps) => {
    expect(underPresentNames(ledger, apps)).toEqual(ledger)
  })
})
