import { describe, expect, it } from 'vitest'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import { reminders } from '../../../../infra/rotation/reminders.ts'
import type { Step } from '../../../../infra/rotation/steps.ts'
import { daysAfter, generation, policies, START } from './support.ts'

const current = generation(1, 'current')
const issued = generation(2, 'issued')
const ledger = (...main: Generation[]) => ({ files: { main } })
const remind = (main: Generation[], days: number, steps: Step[] = [], policy = {}) =>
  reminders(
    ledger(...main),
    policies(policy),
    steps,
    daysAfter(days, new Date(Math.trunc(START.getTime() / 1000) * 1000)),
  )
const DUE =
  'files/main: g1 was due for rotation on 2026-03-31T10:20:30Z and ends on 2026-05-30T10:20:30Z; `npm run rotate` rotates it.'

describe('a deployment reminds', () => {
  it('of a credential that is due, from that moment on', () => {
    expect(remind([current], 29.9)).toEqual([])
    expect(remind([current], 30)).toEqual([DUE])
  })

  it('of a rotation that has not finished, whenever it is due', () => {
    expect(remind([current, issued], 1)).toEqual([
      'files/main: the rotation to g2 has not finished; `npm run rotate` continues it.',
    ])
  })

  it('of nothing that is rotated meanwhile, or by itself, or was never deployed', () => {
    expect(
      remind([current, issued], 40, [{ do: 'retire', app: 'files', secret: 'main', generation: 1 }]),
    ).toEqual([])
    expect(remind([current], 40, [], { rotateWhenDue: true })).toEqual([])
    expect(remind([], 40)).toEqual([])
    expect(remind([current], 40, [], { kind: 'certificate' })).toEqual([])
  })

  it.each<[app: string, secret: string]>([
    ['files', 'other'],
    ['mail', 'main'],
  ])('though %s/%s is rotated meanwhile', (app, secret) => {
    const other: Step = { do: 'retire', app, secret, generation: 1 }
    expect(remind([current], 40, [other])).toEqual([DUE])
    const own: Step = { do: 'retire', app: 'files', secret: 'main', generation: 1 }
    expect(remind([current], 40, [other, own])).toEqual([])
  })
})
