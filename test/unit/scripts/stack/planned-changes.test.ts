import { describe, expect, it } from 'vitest'
import { plansChanges } from '../../../../scripts/stack/planned-changes.ts'

const URN = 'urn:pulumi:test::entra-apps::azuread:index/application:Application::one'
const PRESENT = { urn: URN, provider: 'p', parent: 's', inputs: { a: 1 }, outputs: { b: ['[secret]'] } }

const lines = (...events: object[]) => events.map((event) => JSON.stringify(event)).join('\n')
const step = (op: string, before: object | null, after: object | null) => ({
  sequence: 1,
  resOutputsEvent: { metadata: { op, urn: URN, type: 't', old: before, new: after }, planning: true },
})
const FINISHED = { summaryEvent: { resourceChanges: { same: 1 }, isPreview: true, result: 'succeeded' } }
const OTHERS = [{ preludeEvent: { config: {} } }, { diagnosticEvent: { message: 'm', severity: 'info' } }]

describe('plansChanges', () => {
  it('finds none where every resource stays as the state has it', () => {
    expect(plansChanges(lines(...OTHERS, step('same', PRESENT, { ...PRESENT }), FINISHED))).toBe(false)
  })

  it.each([
    ['an object', step('update', PRESENT, PRESENT)],
    ['a new object', step('create', null, PRESENT)],
    ['an object that goes', step('delete', PRESENT, null)],
    ['a protection', step('same', { ...PRESENT, protect: true }, PRESENT)],
    ['a name', step('same', PRESENT, { ...PRESENT, urn: `${URN}-renamed` })],
    ['an output', step('same', PRESENT, { ...PRESENT, outputs: { b: [] } })],
    ['an input that the provider does not compare', step('same', PRESENT, { ...PRESENT, inputs: {} })],
    ['the provider', step('same', PRESENT, { ...PRESENT, provider: 'q' })],
  ])('finds %s that changes', (_, changed) => {
    expect(plansChanges(lines(changed, FINISHED))).toBe(true)
  })

  it('takes the last that is told of a component, which comes with its outputs', () => {
    const early = step('same', PRESENT, { ...PRESENT, outputs: {} })
    expect(plansChanges(lines(early, step('same', PRESENT, PRESENT), FINISHED))).toBe(false)
  })

  it.each([
    ['empty', ''],
    ['cut off', lines(step('same', PRESENT, PRESENT))],
    [
      'of a preview that failed',
      lines(step('same', PRESENT, PRESENT), { summaryEvent: { result: 'failed' } }),
    ],
    ['without resources', lines(FINISHED)],
    ['no JSON', 'oops'],
    ['of another form', lines({ resOutputsEvent: { op: 'same' } }, FINISHED)],
  ])('does not rely on a log that is %s', (_, log) => {
    expect(plansChanges(log)).toBe(true)
  })
})
