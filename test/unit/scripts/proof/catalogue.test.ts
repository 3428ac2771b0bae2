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
