import { describe, expect, it } from 'vitest'
import { CATALOGUE, type CatalogueEntry, explain } from '../../../../scripts/proof/catalogue/index.ts'

describe('the catalogue', () => {
  it('has one entry for each code and sentence', () => {
    const keys = CATALOGUE.map(({ source, code, message }) => `${source} ${code} ${message?.source ?? ''}`)
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  it('is reached: no entry hides behind an earlier one', () => {
    for (const entry of CATALOGUE) {
      const message = exampleOf(entry)
      const found = explain({ source: entry.source, code: entry.code, message, support: {} })
      expect(found.meaning, `${entry.code} ${entry.message?.source ?? ''}`).toBe(entry.meaning)
    }
  })

  it.each(CATALOGUE.map((entry) => [entry.code, entry] as const))('%s says what to do', (_code, entry) => {
    for (const sentence of [entry.meaning, entry.fix]) {
      expect(sentence.length).toBeGreaterThan(10)
      expect(sentence).not.toMatch(/[.!]$/)
    }
    expect(entry.reference.length).toBeGreaterThan(4)
  })

  it('is the table in the docs (vitest -u writes it anew)', async () => {
    await expect(document(CATALOGUE)).toMatchFileSnapshot('../../../../docs/error-catalogue.md')
  })
})

describe('explain', () => {
  it('knows throttling and trouble by their status, whatever the code', () => {
    expect(
      explain({ source: 'graph', code: 'UnknownError', status: 429, message: '', support: {} }),
    ).toMatchObject({
      wait: 'always',
      fault: 'service',
    })
    expect(
      explain({ source: 'login', code: 'HTTP 503', status: 503, message: '', support: {} }),
    ).toMatchObject({
      wait: 'always',
      meaning: 'the token endpoint is in trouble',
    })
  })

  it('shows an unknown code as it came', () => {
    const failure = {
      source: 'login' as const,
      code: 'AADSTS1',
      status: 400,
      message: 'm',
      support: { traceId: 't' },
    }
    expect(explain(failure)).toMatchObject({ ...failure, wait: 'never', fault: 'identity' })
    expect(explain(failure).reference).toBeUndefined()
  })

  it('tells apart what one code means by its sentence', () => {
    const bad = (message: string) =>
      explain({ source: 'graph', code: 'BadRequest', status: 400, message, support: {} })
    expect(bad('/me request is only valid with delegated authentication flow.').fix).toContain(
      '/users/{id}/drive',
    )
    expect(bad('Tenant does not have a SPO license.').fault).toBe('workload')
    expect(bad('Something else').reference).toBeUndefined()
  })
})

/** A sentence that an entry's pattern matches: its first alternative. */
function exampleOf({ message }: CatalogueEntry): string {
  return message?.source.split('|')[0]?.replaceAll('\\/', '/') ?? ''
}

function document(entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(({ code, message, meaning, wait, fix, reference }) => {
    const which = message
      ? `${code}, "${message.source.replaceAll('\\/', '/').replaceAll('|', ' / ')}"`
      : code
    return `| ${cell(which)} | ${cell(meaning)} | ${waiting(wait)} | ${cell(fix)} | ${cell(reference)} |`
  })
  return [
    '# Error catalogue',
    '',
    'What `verify`, `rotate` and `doctor` say about a refusal, and whether they wait. Written from',
    '[scripts/proof/catalogue/](../scripts/proof/catalogue) by its test; the source is the title of the page the fact is from.',
    '429 and 5xx are always waited for, as long as `Retry-After` says; a code that is not listed is shown as it came.',
    '',
    '| code | means | waits | fix | source |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function waiting(wait: CatalogueEntry['wait']): string {
  if (typeof wait === 'string') return { never: 'no', always: 'yes', once: 'one more try' }[wait]
  return `while the ${wait.change} is younger than ${wait.youngerThanMinutes} min`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
