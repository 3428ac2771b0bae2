import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { renderAzurePipelines } from '../../../../scripts/proof/report/azure-pipelines.ts'
import { renderProofJunit } from '../../../../scripts/proof/report/junit.ts'
import { renderMarkdown } from '../../../../scripts/proof/report/markdown.ts'
import { renderText } from '../../../../scripts/proof/report/text.ts'
import { SAMPLE } from './sample-report.ts'

const SCHEMAS = resolve(import.meta.dirname, '../../../../docs/schemas')

describe('JSON', () => {
  it('fits the published schema, which refuses what does not', async () => {
    const schema = JSON.parse(await readFile(join(SCHEMAS, 'proof-report.schema.json'), 'utf8'))
    const validate = new Ajv2020({ allErrors: true }).compile(schema)
    expect(validate(JSON.parse(JSON.stringify(SAMPLE))), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...SAMPLE, verdict: 'fine' })).toBe(false)
    expect(validate({ ...SAMPLE, token: 'x' })).toBe(false)
  })
})

describe('JUnit', () => {
  const accepted = async (xml: string) => {
    const schema = await readFile(join(SCHEMAS, 'junit.xsd'), 'utf8')
    return validateXML({
      xml: [{ fileName: 'report.xml', contents: xml }],
      schema: [{ fileName: 'junit.xsd', contents: schema }],
    })
  }

  it('is accepted by the schema', async () => {
    const result = await accepted(renderProofJunit(SAMPLE))
    expect(result.errors.map(({ message }) => message)).toEqual([])
    expect(result.valid).toBe(true)
  })

  it('is held by a schema that refuses', async () => {
    const { valid } = await accepted(renderProofJunit(SAMPLE).replace('classname', 'class'))
    expect(valid).toBe(false)
  })

  it('counts what it holds, and tells wrong from could not be asked', () => {
    const xml = renderProofJunit(SAMPLE)
    expect(xml).toMatch(
      /<testsuites name="entra-apps verify dev" tests="9" failures="1" errors="1" time="3.250">/,
    )
    expect(xml.match(/<testcase /g)).toHaveLength(9)
    expect(xml.match(/<failure /g)).toHaveLength(1)
    expect(xml.match(/<error [^>]*type="ECONNREFUSED"/g)).toHaveLength(1)
    expect(xml.match(/<skipped /g)).toHaveLength(1)
    expect(xml).toContain('&quot;quoted&quot; &amp; &lt;marked&gt;')
    expect(xml).not.toContain('\u0007')
  })
})

describe('Markdown', () => {
  const markdown = renderMarkdown(SAMPLE)

  it('unfolds what is wrong, folds away what is not, and says what to do', () => {
    expect(markdown).toMatch(/^## ❌ Proof of stack `dev`\n/)
    expect(markdown).toContain('<details><summary>✅ file-manager')
    expect(markdown).toContain('<details open><summary>❌ listOrder')
    expect(markdown).toContain('- **fix: use the value of a secret that exists')
    expect(markdown).toContain('request id r-1, correlation id c-1, trace id t-1')
  })

  it('lets no text become markup', () => {
    expect(markdown).toContain('Ada \\| Lovelace &lt;ada&gt;')
    expect(markdown).not.toMatch(/<ada>|<marked>/)
  })
})

describe('Azure Pipelines', () => {
  it('logs an issue for each failure and warning, and attaches the summary', () => {
    expect(renderAzurePipelines(SAMPLE, '/tmp/proof.md').split('\n')).toEqual([
      expect.stringMatching(/^##vso\[task.logissue type=warning;\]verify: clock: CLOCK_SKEW/),
      expect.stringMatching(/^##vso\[task.logissue type=warning;\]file-manager onedrive g1: expiry: /),
      expect.stringMatching(
        /^##vso\[task.logissue type=error;code=AADSTS7000215;\]listOrder api g2: token for /,
      ),
      expect.stringMatching(/^##vso\[task.logissue type=error;code=ECONNREFUSED;\]listOrder api g2: GET /),
      '##vso[task.uploadsummary]/tmp/proof.md',
    ])
  })

  it('lets no text become a command', () => {
    const check = { name: 'a\n##vso[task.setvariable]x', status: 'failed' as const, detail: '100%' }
    const [line] = renderAzurePipelines({ ...SAMPLE, apps: [], checks: [check] }).split('\n')
    expect(line).toBe('##vso[task.logissue type=error;]verify: a%0A#\\u0023vso[task.setvariable]x: 100%AZP25')
  })
})

describe('text', () => {
  const text = renderText(SAMPLE, pc.createColors(false))

  it('shows a table, then what each failure means', () => {
    expect(text).toMatch(/✗ │ token for Microsoft Graph +│ AADSTS7000215/)
    expect(text).toContain('✗ api g2: token for Microsoft Graph: AADSTS7000215')
    expect(text).toMatch(/fix {4}use the value of a secret that exists/)
    expect(text).toMatch(/ids {4}request id r-1, correlation id c-1/)
    expect(text).toContain('no credential is declared, so there is nothing to prove')
    expect(text).toMatch(/Not proved: 2 of 6 checks failed, 2 warnings\.$/)
  })

  it('says when nothing was proved, though nothing failed', () => {
    const summary = { ...SAMPLE.summary, passed: 0, failed: 0, warnings: 0, unproved: 1 }
    const nothing = renderText({ ...SAMPLE, apps: [], verdict: 'proved', summary }, pc.createColors(false))
    expect(nothing).toMatch(/Nothing was proved, 1 credential not proved from here\.$/)
  })
})
