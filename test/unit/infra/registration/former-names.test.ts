import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../../infra/contract/outputs.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import {
  type FormerFacts,
  formerApi,
  formerAssignment,
  formerFederations,
  formerPatterns,
  formerRole,
} from '../../../../infra/registration/former-names.ts'

const app = (declared: object) => appDeclaration.parse({ displayName: 'App', ...declared })
const facts = (recorded: Partial<AppOutputs>): FormerFacts => ({ clientId: 'c', tenantId: 't', ...recorded })

describe('formerFederations', () => {
  /** Credentials by name, each with a subject of its own. */
  const names = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 20 })
  const trusts = fc
    .tuple(names, names)
    .map(([keys, subjects]) =>
      keys.slice(0, subjects.length).map((key, i) => [`name-${key}`, `subject-${subjects[i]}`] as const),
    )
  const declare = (entries: readonly (readonly [string, string])[]) =>
    app({
      federatedCredentials: Object.fromEntries(
        entries.map(([name, subject]) => [name, { other: { issuer: 'https://i', subject } }]),
      ),
    })
  const record = (entries: readonly (readonly [string, string])[]) =>
    facts({
      federatedCredentials: Object.fromEntries(
        entries.map(([name, subject]) => [
          name,
          { issuer: 'https://i', subject, audience: 'a', since: '2026-01-01T00:00:00Z' },
        ]),
      ),
    })

  it('pairs each new one with at most one that is gone, and never leaves more than twenty beside each other', () => {
    fc.assert(
      fc.property(trusts, trusts, (before, now) => {
        const pairs = formerFederations(declare(now), record(before))
        const had = new Map<string, string>(before)
        const has = new Map<string, string>(now)
        const former = Object.values(pairs)
        expect(new Set(former).size).toBe(former.length)
        for (const [name, old] of Object.entries(pairs)) {
          expect([had.has(name), has.has(name), had.has(old), has.has(old)]).toEqual([
            false,
            true,
            true,
            false,
          ])
        }
        const left = before.filter(([name]) => !has.has(name) && !former.includes(name))
        expect(left.length + now.length).toBeLessThanOrEqual(20)
        const subjects = new Set(now.filter(([name]) => !had.has(name) && !(name in pairs)).map(([, s]) => s))
        expect(left.filter(([, subject]) => subjects.has(subject))).toEqual([])
      }),
    )
  })

  it('leaves unrelated ones alone while there is room', () => {
    expect(formerFederations(declare([['new', 's2']]), record([['old', 's1']]))).toEqual({})
    expect(formerFederations(declare([['new', 's1']]), record([['old', 's1']]))).toEqual({ new: 'old' })
    expect(formerFederations(declare([['new', 's1']]), undefined)).toEqual({})
  })
})

describe('formerPatterns', () => {
  const recorded = facts({
    identifierUris: { 'api://{clientId}': 'api://c', 'api://x/{tenantId}': 'api://x/t' },
  })

  it('finds the pattern that stood for the same URI, unless it is still declared', () => {
    expect(formerPatterns('api://c', ['api://c'], recorded)).toEqual(['api://{clientId}'])
    expect(formerPatterns('api://c', ['api://c', 'api://{clientId}'], recorded)).toEqual([])
    expect(formerPatterns('api://other', ['api://other'], recorded)).toEqual([])
    expect(formerPatterns('api://c', ['api://c'])).toEqual([])
  })
})

describe('formerApi', () => {
  const granted = { application: [], delegated: [], roleIds: {} }
  const recorded = facts({ permissions: { 'Azure Storage': { appId: 'storage', ...granted } } })

  it('finds the name under which the same API was declared, unless it still is', () => {
    expect(formerApi(app({ permissions: { storage: {} } }), 'storage', recorded)).toBe('Azure Storage')
    expect(formerApi(app({ permissions: { storage: {} } }), 'other', recorded)).toBeUndefined()
    expect(formerApi(app({ permissions: { 'Azure Storage': {} } }), 'storage', recorded)).toBeUndefined()
  })
})

describe('formerRole', () => {
  const recorded = facts({
    permissions: { files: { appId: 'f', application: ['Read'], delegated: [], roleIds: { Read: 'id-1' } } },
  })

  it('finds the value that the role had, under any name of its API', () => {
    expect(formerRole(['documents', 'files'], 'id-1', recorded)).toBe('Read')
    expect(formerRole(['documents'], 'id-1', recorded)).toBeUndefined()
    expect(formerRole(['files'], 'id-2', recorded)).toBeUndefined()
    expect(formerRole(['files'], undefined, facts({}))).toBeUndefined()
  })
})

describe('formerAssignment', () => {
  const ada = { kind: 'user' as const, principal: 'ada@a', role: 'Reader', principalId: 'u1', roleId: 'r1' }
  const recorded = facts({ assignments: [ada] })
  const wanted = { principalId: 'u1', roleId: 'r1' }

  it('finds whoever is assigned the same role under another name', () => {
    expect(formerAssignment(app({ assignments: [{ user: 'u1', role: 'Reader' }] }), wanted, recorded)).toBe(
      ada,
    )
    expect(formerAssignment(app({}), { ...wanted, roleId: 'r2' }, recorded)).toBeUndefined()
    expect(formerAssignment(app({}), { ...wanted, principalId: 'u2' }, recorded)).toBeUndefined()
  })

  it('leaves an assignment alone that is still declared', () => {
    const both = app({ assignments: [{ user: 'ada@a', role: 'Reader' }] })
    expect(formerAssignment(both, wanted, recorded)).toBeUndefined()
  })
})
