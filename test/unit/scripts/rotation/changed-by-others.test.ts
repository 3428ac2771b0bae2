import { describe, expect, it } from 'vitest'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import type { Action } from '../../../../infra/rotation/plan.ts'
import type { HeldKey } from '../../../../scripts/proof/directory/held-keys.ts'
import { blockIfFull, dueIfGone, goneFrom } from '../../../../scripts/rotation/changed-by-others.ts'
import { daysAfter, policies, START } from '../../infra/rotation/support.ts'
import { twoGenerations } from './two-generations.ts'

const secret = { displayName: 'Main', lifetime: '90d' }
const personal = appDeclaration.parse({
  displayName: 'Files',
  signInAudience: 'AzureADandPersonalMicrosoftAccount',
  secrets: { main: secret },
})
const outputs = { ...twoGenerations(), ledger: {} }
const key = (kind: HeldKey['kind'], displayName = ''): HeldKey => ({ kind, displayName, endDate: undefined })
const issue = (app = 'files', name = 'main'): Action => ({
  app,
  secret: name,
  do: 'issue',
  generation: 3,
  because: 'it is due',
  targets: [],
  overlap: 'g2 stays valid',
})
const retire = (first: boolean, app = 'files'): Action => ({
  app,
  secret: 'main',
  do: 'retire',
  generation: 1,
  because: 'its overlap has passed',
  first,
  force: false,
})
const block = (
  actions: readonly Action[],
  keys: Record<string, HeldKey> | undefined,
  declared = { files: personal },
) =>
  blockIfFull(actions, {
    held: keys && new Map([['files', new Map(Object.entries(keys))]]),
    credentials: [{ name: 'files-main-g1', kind: 'secret', keyId: 'own', startDate: '', endDate: '' }],
    declared,
    outputs,
  }).map((action) => (action.do === 'blocked' ? `${action.because}; ${action.fix}` : action.do))

describe('a client secret of an application with personal accounts', () => {
  const own = { own: key('secret') }

  it('is not issued where one of somebody else takes its place', () => {
    expect(block([issue()], { ...own, portal: key('secret', 'by hand') })).toEqual([
      'an application with personal Microsoft accounts holds 2 client secrets at most, and somebody else made "by hand" (key id portal); once nothing uses it, delete it: az ad app credential delete --id c --key-id portal',
    ])
    expect(block([issue()], { one: key('secret'), two: key('secret', 'b') })[0]).toContain(
      'somebody else made "without a name" (key id one) and "b" (key id two); once',
    )
  })

  it.each<[string, Action[], Record<string, HeldKey> | undefined, string[]]>([
    ['there is room', [issue()], { portal: key('secret') }, ['issue']],
    ['what is foreign is a certificate', [issue()], { ...own, portal: key('certificate') }, ['issue']],
    ['certificates beside it are foreign', [issue()], { a: key('secret'), b: key('certificate') }, ['issue']],
    ['nothing is foreign', [issue()], own, ['issue']],
    ['nobody may ask', [issue()], undefined, ['issue']],
    [
      'another is retired first',
      [retire(true), issue()],
      { ...own, portal: key('secret') },
      ['retire', 'issue'],
    ],
  ])('is issued where %s', (_, actions, keys, done) => {
    expect(block(actions, keys)).toEqual(done)
  })

  it.each<[string, Action]>([
    ['a later retirement', retire(false)],
    ['the one of another application', retire(true, 'mail')],
  ])('is not given room by %s', (_, retirement) => {
    const [kept, blocked] = block([retirement, issue()], { ...own, portal: key('secret') })
    expect(kept).toBe('retire')
    expect(blocked).toContain('holds 2 client secrets at most')
  })

  it('is the only one that is limited', () => {
    const full = { ...own, portal: key('secret') }
    const work = { files: { ...personal, signInAudience: 'AzureADMyOrg' as const } }
    expect(block([issue()], full, work)).toEqual(['issue'])
    expect(block([issue('mail'), issue('files', 'certificate'), retire(false)], full)).toEqual([
      'issue',
      'issue',
      'retire',
    ])
  })
})

describe('a current credential that somebody deleted', () => {
  const ledger = twoGenerations({ phase: 'retired' }).ledger
  const held = (...keyIds: string[]) => new Map([['files', new Map(keyIds.map((id) => [id, key('secret')]))]])

  it('is found where the directory can be asked', () => {
    expect(goneFrom(held(), ledger)).toEqual([{ app: 'files', secret: 'main' }])
    expect(goneFrom(held('key-1'), ledger)).toEqual([])
    expect(goneFrom(undefined, ledger)).toEqual([])
    expect(goneFrom(new Map(), ledger)).toEqual([])
  })

  const idle: Action = { app: 'files', secret: 'main', do: 'idle', because: 'g1 is due later' }
  const due = (action: Action, gone: { app: string; secret: string }) =>
    dueIfGone(
      action,
      [gone],
      { ...outputs, ledger },
      { ...policies(), mail: policies().files },
      daysAfter(1, START),
    )

  it('is due at once, and no overlap is promised', () => {
    expect(due(idle, { app: 'files', secret: 'main' })).toMatchObject([
      {
        app: 'files',
        do: 'issue',
        because: 'the current one was deleted from the directory by somebody else',
        overlap: 'nobody gets tokens with the one before',
      },
    ])
  })

  it.each<[string, Action, { app: string; secret: string }]>([
    ['another application', idle, { app: 'mail', secret: 'main' }],
    ['another credential', idle, { app: 'files', secret: 'other' }],
    ['one that is renewed anyway', issue(), { app: 'files', secret: 'main' }],
  ])('changes nothing about %s', (_, action, gone) => {
    expect(due(action, gone)).toEqual([action])
  })
})
