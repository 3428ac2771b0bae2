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
  it('waits when the directory takes no two changes at once', () => {
    const message =
      'Error due to concurrent requests being made to the tenant. Please wait briefly and retry.'
    expect(
      explain({ source: 'graph', code: 'Directory_ConcurrencyViolation', status: 409, message, support: {} }),
    ).toMatchObject({ wait: 'always', fault: 'service', reference: expect.any(String) })
  })

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

  it('says of an unknown code what is known: class, family, page and ids', () => {
    const failure = {
      source: 'login' as const,
      code: 'AADSTS7002139',
      status: 401,
      message: 'm',
      oauthError: 'invalid_client',
      support: { traceId: 't' },
    }
    const explained = explain(failure)
    expect(explained).toMatchObject({ ...failure, wait: 'never', fault: 'identity' })
    expect(explained.reference).toBeUndefined()
    expect(explained.meaning).toContain('its class is invalid_client: the credential')
    expect(explained.meaning).toContain('it may refine AADSTS700213 (')
    expect(explained.fix).toContain('https://login.microsoftonline.com/error?code=7002139')
    expect(explained.fix).toContain('by the ids below')
  })

  it.each([
    ['a code of no known family', { source: 'login' as const, code: 'AADSTS1' }, 'error?code=1', undefined],
    [
      'a refusal without a number',
      { source: 'login' as const, code: 'slow_down' },
      'reference-error-codes',
      undefined,
    ],
    [
      'a code of Graph',
      { source: 'graph' as const, code: 'NobodyKnows', status: 403 },
      'https://learn.microsoft.com/graph/errors',
      'HTTP 403: the identity may not do this',
    ],
    ['the way there', { source: 'network' as const, code: 'EWHAT' }, 'the connection', undefined],
  ])('says of %s where to look', (_what, failure, where, known) => {
    const explained = explain({ message: '', support: {}, ...failure })
    expect(explained.fix).toContain(where)
    if (known === undefined) expect(explained.meaning).toBe('this code is not in the catalogue')
    else expect(explained.meaning).toContain(known)
  })

  it.each([
    'AADSTS1000502',
    'AADSTS7000214',
    'AADSTS900023',
    'AADSTS7000216',
    'AADSTS700229',
    'AADSTS700236',
  ])('knows %s, which public reports quote', (code) => {
    expect(explain({ source: 'login', code, message: '', support: {} }).reference).toBeDefined()
  })

  it.each([
    ['Forbidden', 'No application access policy found for this app', 'New-CsApplicationAccessPolicy'],
    ['General', 'No Application Access Policy found for this app.', 'New-CsApplicationAccessPolicy'],
    [
      'ErrorAccessDenied',
      'Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.',
      'Test-ApplicationAccessPolicy',
    ],
  ])('tells the policy of a service from a missing permission: %s', (code, message, fix) => {
    const explained = explain({ source: 'graph', code, status: 403, message, support: {} })
    expect(explained.fix).toContain(fix)
    expect(explained.meaning).toContain('the permission itself is there')
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
  const [first = ''] = message?.source.split('|') ?? []
  return first.replaceAll(/\[(\w)\w\]/g, '$1').replaceAll(/\\(.)/g, '$1')
}
