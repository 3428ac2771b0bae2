import { describe, expect, it } from 'vitest'
import { judgePreview } from '../../../../scripts/adopt/preview.ts'

const COMPONENT = 'urn:pulumi:test::p::entra-apps:index:AppRegistration::files'
const TYPE = 'azuread:index/application:Application'
const urn = (name: string) => `urn:pulumi:test::p::entra-apps:index:AppRegistration$${TYPE}::${name}`
const step = (op: string, name = 'files', parent = COMPONENT, more = {}) => ({
  op,
  urn: urn(name),
  newState: { type: TYPE, parent },
  ...more,
})
const judge = (preview: object, code = 0) =>
  judgePreview({ code, stdout: JSON.stringify(preview), output: 'said' }, ['files'])

describe('judgePreview', () => {
  it('finds nothing wrong with imports, and with what is in the state alone', () => {
    const steps = [
      {
        op: 'create',
        urn: 'urn:pulumi:test::p::pulumi:pulumi:Stack::p-test',
        newState: { type: 'pulumi:pulumi:Stack' },
      },
      { op: 'create', urn: COMPONENT, newState: { type: 'entra-apps:index:AppRegistration' } },
      { op: 'read', urn: 'urn:pulumi:test::p::pulumi:pulumi:StackReference::self' },
      { op: 'delete', urn: 'urn:pulumi:test::p::pulumi:providers:azuread::default_6_9_1' },
      step('import'),
      step('same', 'other', 'urn:x::other'),
    ]
    expect(judge({ steps })).toEqual({ imports: 1, mismatches: {}, others: [] })
  })

  it.each(['create', 'update', 'replace', 'delete'])('takes %s of what is adopted for a mismatch', (op) => {
    expect(judge({ steps: [step(op)] }).mismatches).toEqual({ files: [`${op} Application files`] })
  })

  it('takes an import that differs for a mismatch, and names what differs', () => {
    const message = 'inputs to import do not match the existing resource; importing this resource will fail'
    const found = judge({
      steps: [step('import', 'files', COMPONENT, { detailedDiff: { notes: {}, 'web.homepageUrl': {} } })],
      diagnostics: [{ urn: urn('files'), severity: 'warning', message }],
    })
    expect(found).toMatchObject({
      mismatches: { files: ['differs Application files (notes, web.homepageUrl)'] },
    })
  })

  it('keeps changes of others apart', () => {
    const other = 'urn:pulumi:test::p::entra-apps:index:AppRegistration::other'
    expect(judge({ steps: [step('import'), step('update', 'other', other)] })).toEqual({
      imports: 1,
      mismatches: {},
      others: ['update Application other'],
    })
  })

  it('says what the engine said when it failed', () => {
    const diagnostics = [{ severity: 'error', message: '  no such user\n' }]
    expect(judge({ steps: [], diagnostics }, 255).failure).toBe('no such user')
    expect(judgePreview({ code: 1, stdout: 'no JSON', output: 'said' }, []).failure).toBe('said')
  })
})
