import { describe, expect, it } from 'vitest'
import {
  type AskedStack,
  isAnotherTenant,
  managedIn,
  tenantOf,
} from '../../../../scripts/inventory/managed.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'

const [OURS, THEIRS] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-22222222222a']

const app = (clientId: string, tenantId = OURS) => ({ ...PLAIN_APP, clientId, tenantId })
const stack = (label: string, apps: Record<string, ReturnType<typeof app>>): AskedStack => ({
  label,
  answer: { apps, identities: {} },
})

describe('managedIn', () => {
  it('names project, stack and application; of two stacks the first', () => {
    const asked = [
      stack('prod', { files: app('c1') }),
      stack('teams/pay/prod', { files: app('c2'), copy: app('c1') }),
    ]
    const { managed, stacks, missing, elsewhere } = managedIn(asked, OURS)
    expect(managed.clients).toEqual(
      new Map([
        ['c1', 'prod/files'],
        ['c2', 'teams/pay/prod/files'],
      ]),
    )
    expect([stacks, missing, elsewhere]).toEqual([['prod', 'teams/pay/prod'], [], []])
  })

  it('says which stack could not be read', () => {
    const broken = { label: 'prod', answer: { apps: {}, identities: {}, problem: 'no login' } }
    const { stacks, missing } = managedIn([broken, stack('dev', {})], OURS)
    expect(stacks).toEqual(['dev'])
    expect(missing).toEqual([
      { part: 'stacks', message: expect.stringMatching(/^The stack prod cannot.*: no login$/) },
    ])
  })

  it('leaves out stacks of another tenant, by what they have deployed, else by their settings', () => {
    const asked: AskedStack[] = [
      { ...stack('moved', { files: app('c1', THEIRS) }), tenantId: OURS },
      { ...stack('ours', { files: app('c2') }), tenantId: THEIRS },
      { label: 'unasked', tenantId: THEIRS },
    ]
    const { managed, stacks, elsewhere } = managedIn(asked, OURS.toUpperCase())
    expect([...managed.clients.keys()]).toEqual(['c2'])
    expect(stacks).toEqual(['ours'])
    expect(elsewhere).toEqual([
      { label: 'moved', tenantId: THEIRS },
      { label: 'unasked', tenantId: THEIRS },
    ])
  })
})

describe('the tenant of an inventory', () => {
  const declared = [
    { label: 'dev', tenantId: OURS },
    { label: 'prod', tenantId: THEIRS },
    { label: 'bare', tenantId: undefined },
  ]

  it('is named by the environment, else by the stacks', () => {
    expect(tenantOf(declared, { ARM_TENANT_ID: THEIRS })).toBe(THEIRS)
    expect(tenantOf([declared[0]!, declared[2]!], { AZURE_TENANT_ID: THEIRS })).toBe(OURS)
    expect(tenantOf([declared[2]!], { AZURE_TENANT_ID: THEIRS })).toBe(THEIRS)
    expect(tenantOf([], {})).toBeUndefined()
  })

  it('has to be named where stacks are of several', () => {
    expect(() => tenantOf(declared, {})).toThrow(
      `of several tenants: ${OURS} (dev), ${THEIRS} (prod). An inventory is of one: name it with ARM_TENANT_ID`,
    )
  })

  it('is not told apart by a domain', () => {
    expect(isAnotherTenant('contoso.onmicrosoft.com', OURS)).toBe(false)
    expect(isAnotherTenant(undefined, OURS)).toBe(false)
    expect(isAnotherTenant(THEIRS, OURS)).toBe(true)
  })
})
