import { describe, expect, it } from 'vitest'
import { readEngineEvent } from '../../../../scripts/stack/engine-events.ts'
import { readPlan } from '../../../../scripts/stack/planned-changes.ts'

const URN = 'urn:pulumi:test::entra-apps::azuread:index/application:Application::one'
const PRESENT = { urn: URN, provider: 'p', parent: 's', inputs: { a: 1 }, outputs: { b: ['[secret]'] } }

const lines = (...events: object[]) => events.map((event) => JSON.stringify(event)).join('\n')
const read = (log: string) =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map(readEngineEvent)
const events = (...all: object[]) => read(lines(...all))
const step = (op: string, before: object | null, after: object | null) => ({
  sequence: 1,
  resOutputsEvent: { metadata: { op, urn: URN, type: 't', old: before, new: after }, planning: true },
})
const FINISHED = { summaryEvent: { resourceChanges: { same: 1 }, isPreview: true, result: 'succeeded' } }
const OTHERS = [{ preludeEvent: { config: {} } }, { diagnosticEvent: { message: 'm', severity: 'info' } }]

describe('readPlan', () => {
  it('finds none where every resource stays as the state has it', () => {
    expect(readPlan(events(...OTHERS, step('same', PRESENT, { ...PRESENT }), FINISHED)).changes).toBe(false)
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
    expect(readPlan(events(changed, FINISHED)).changes).toBe(true)
  })

  it('takes the last that is told of a component, which comes with its outputs', () => {
    const early = step('same', PRESENT, { ...PRESENT, outputs: {} })
    expect(readPlan(events(early, step('same', PRESENT, PRESENT), FINISHED)).changes).toBe(false)
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
    expect(readPlan(read(log)).changes).toBe(true)
  })
})

describe('the objects that a plan creates', () => {
  const GRANT = 'azuread:index/appRoleAssignment:AppRoleAssignment'
  const create = (inputs: object) => ({
    resOutputsEvent: {
      metadata: {
        op: 'create',
        urn: `urn:pulumi:test::entra-apps::entra-apps:index:AppRegistration$${GRANT}::one-role`,
        new: { urn: 'u', inputs, outputs: {} },
      },
    },
  })

  it('are those whose arguments are all known', () => {
    const unknown = create({ resourceObjectId: '04da6b54-80e4-46f7-96ec-b56ff0331ba9' })
    expect(readPlan(events(unknown, FINISHED)).creates).toEqual([])
    expect(readPlan(events(create({ appRoleId: 'x' }), FINISHED)).creates).toEqual([
      { type: GRANT, name: 'one-role', inputs: { appRoleId: 'x' } },
    ])
  })

  it.each(['azuread:index/servicePrincipal:ServicePrincipal', 'entra-apps:index:Identity'])(
    'come with the service principals of the stack: %s',
    (type) => {
      const urn = `urn:pulumi:test::entra-apps::${type}::one`
      const same = { ...PRESENT, urn, outputs: { objectId: 'o' } }
      const event = { resOutputsEvent: { metadata: { op: 'same', urn, old: same, new: same } } }
      expect(readPlan(events(event, FINISHED)).servicePrincipals).toEqual(new Set(['o']))
    },
  )
})
