import { describe, expect, it } from 'vitest'
import { RULES } from '../../../../infra/rules/registry.ts'
import { applicationCases } from './application-cases.ts'
import { type Cases, findingsOf } from './case.ts'
import { certificateCases } from './certificate-cases.ts'
import { credentialCases } from './credential-cases.ts'
import { deliveryCases } from './delivery-cases.ts'
import { directoryRoleCases } from './directory-role-cases.ts'
import { exposedApiCases } from './exposed-api-cases.ts'
import { federatedIssuerCases } from './federated-issuer-cases.ts'
import { permissionCases } from './permission-cases.ts'
import { redirectUriCases } from './redirect-uri-cases.ts'
import { referenceCases } from './reference-cases.ts'
import { singleSignOnCases } from './single-sign-on-cases.ts'
import { siteCases } from './site-cases.ts'

const CASES: Cases = {
  ...redirectUriCases,
  ...applicationCases,
  ...exposedApiCases,
  ...credentialCases,
  ...federatedIssuerCases,
  ...certificateCases,
  ...deliveryCases,
  ...permissionCases,
  ...directoryRoleCases,
  ...singleSignOnCases,
  ...siteCases,
  ...referenceCases,
}

/** The form is judged by the schema; test/unit/infra/declaration.test.ts has its cases. */
const BY_SCHEMA = ['EA001']

describe('the registry', () => {
  it('has a passing and a failing case for every rule, and no case without a rule', () => {
    const codes = RULES.map(({ code }) => code).filter((code) => !BY_SCHEMA.includes(code))
    expect(Object.keys(CASES).sort()).toEqual([...codes].sort())
    for (const [code, { pass, fail }] of Object.entries(CASES)) {
      expect(Math.min(pass.length, fail.length), `cases of ${code}`).toBeGreaterThan(0)
    }
  })

  it('uses each code and each name once', () => {
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length)
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length)
  })

  it.each(RULES)('$code $name speaks in sentences', ({ summary, fix, source, limit }) => {
    expect(summary).toMatch(/^[A-Z].*\.$/)
    expect(fix).toMatch(/[^.]$/)
    expect(source).not.toBe('')
    if (limit !== undefined && limit > 2) expect(summary).toContain(String(limit))
  })
})

describe.each(RULES.filter(({ code }) => !BY_SCHEMA.includes(code)))('$code $name', (rule) => {
  const { pass = [], fail = [] } = CASES[rule.code] ?? {}

  it.each(pass.map((given, i) => [i, given] as const))('is kept by case %i', (_, given) => {
    expect(findingsOf(given).filter(({ code }) => code === rule.code)).toEqual([])
  })

  it.each(fail.map(([given, ...says], i) => [i, given, says] as const))(
    'is broken by case %i',
    (_, given, says) => {
      const found = findingsOf(given).filter(({ code }) => code === rule.code)
      // The application itself has no path.
      expect(found.map(({ path, message }) => `${path.join('.') || 'app'}: ${message}`)).toEqual(says)
      for (const { severity, message, fix, source, limit } of found) {
        expect({ severity, source, limit }).toEqual({
          severity: rule.severity,
          source: rule.source,
          limit: rule.limit,
        })
        expect(message).toMatch(/[^.]$/)
        expect(fix).toMatch(/[^.]$/)
      }
    },
  )
})

describe('findings', () => {
  it('never say the user name or password of a URI', () => {
    const found = findingsOf({ redirectUris: { web: ['https://me:hunter2@a.example/'] } })
    expect(found).not.toEqual([])
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  it('point at the entry', () => {
    const found = findingsOf({ redirectUris: { spa: ['https://a.example/', 'http://b.example/'] } })
    expect(found.map(({ path }) => path)).toEqual([['redirectUris', 'spa', 1]])
  })

  it('are left out when their rule is suppressed, and the others stay', () => {
    const found = findingsOf({
      displayName: 'x'.repeat(121),
      tags: ['a b'],
      suppress: [{ rule: 'EA201', reason: 'the limit was lifted for this tenant' }],
    })
    expect(found.map(({ code }) => code)).toEqual(['EA209'])
  })

  it('carry the value that they are about, without what may be secret in it, and the limit of their rule', () => {
    const uri = 'http://me:hunter2@a.example/'
    const [first] = findingsOf({ redirectUris: { web: [uri] } }).filter(({ code }) => code === 'EA109')
    expect(first).toMatchObject({ found: 'http://***@a.example/' })
    expect(first).not.toHaveProperty('limit')
    const [long] = findingsOf({ displayName: 'x'.repeat(121) })
    expect(long).toMatchObject({ code: 'EA201', limit: 120, found: 121 })
    const [missing] = findingsOf({ servicePrincipal: { assignmentRequired: true } })
    expect(missing?.code).toBe('EA705')
    expect(missing).not.toHaveProperty('found')
  })
})

describe('a suppression', () => {
  const suppress = [{ rule: 'EA201', reason: 'the limit was lifted for this tenant' }]
  const judged = (displayName: string, context: object = {}) =>
    findingsOf({ app: { displayName, suppress }, context }).map(
      ({ code, path }) => `${code} ${path.join('.')}`,
    )

  it('is a finding where its rule finds nothing', () => {
    expect(judged('short')).toEqual(['EA003 suppress.0'])
    expect(judged('x'.repeat(121))).toEqual([])
  })

  it('is none where any application could not be read whole', () => {
    expect(judged('short', { incomplete: new Set(['other']) })).toEqual([])
    expect(judged('short', { incomplete: new Set() })).toEqual(['EA003 suppress.0'])
  })

  it('of a rule that judges suppressions hides nothing', () => {
    const both = [...suppress, { rule: 'EA003', reason: 'known' }]
    const found = findingsOf({ displayName: 'short', suppress: both })
    expect(found.map(({ code, path }) => `${code} ${path.join('.')}`)).toContain('EA003 suppress.0')
  })
})

describe('a rule that needs the whole stack', () => {
  const asking = (incomplete?: ReadonlySet<string>) =>
    findingsOf({
      app: { permissions: { other: { application: ['Read'], delegated: [] } } },
      others: { other: {} },
      context: incomplete ? { incomplete } : {},
    }).map(({ code }) => code)

  it('is silent where any application could not be read whole', () => {
    expect(asking()).toContain('EA702')
    expect(asking(new Set())).toContain('EA702')
    expect(asking(new Set(['other']))).not.toContain('EA702')
  })
})

describe('a rule that needs its whole application', () => {
  const requiring = (name: string) =>
    findingsOf({
      app: { servicePrincipal: { assignmentRequired: true } },
      context: { incomplete: new Set([name]) },
    }).map(({ code }) => code)

  it('is silent where that could not be read whole, and only there', () => {
    expect(requiring('other')).toEqual(['EA705'])
    expect(requiring('app')).toEqual([])
  })
})
