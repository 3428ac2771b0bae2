import { describe, expect, it } from 'vitest'
import type { Entity, Read } from '../../../../scripts/proof/directory/reader.ts'
import { surveySingleSignOn } from '../../../../scripts/proof/directory/single-sign-on.ts'

const [A, B] = ['A'.repeat(40), 'B'.repeat(40)] as const
const endDate = '2030-01-01T00:00:00Z'
const NOW = new Date('2026-06-01T00:00:00Z')

const facts = {
  servicePrincipalId: 'sp',
  signingCertificates: {
    first: { keyId: 'k1', thumbprint: A, endDate, active: true },
    next: { keyId: 'k2', thumbprint: B, endDate, active: false },
  },
  claimsMappingPolicyId: 'policy',
}

async function survey(principal: Entity, policies: readonly Entity[] = [{ id: 'policy' }]) {
  const reader = {
    objects: async (paths: readonly string[]) =>
      paths.map((): Read<Entity> => ({ ok: true, value: principal })),
    lists: async (paths: readonly string[]) =>
      paths.map((): Read<readonly Entity[]> => ({ ok: true, value: policies })),
  }
  const [none, checks = []] = await surveySingleSignOn([{ servicePrincipalId: 'other' }, facts], reader, NOW)
  expect(none).toEqual([])
  return checks.map(({ status, name, explanation }) => [status, name, explanation?.code])
}

const keys = (ends: Readonly<Record<string, string>>) =>
  Object.entries(ends).map(([keyId, endDateTime]) => ({ keyId, endDateTime }))
const BOTH = keys({ k1: endDate, k2: endDate })

describe('surveySingleSignOn', () => {
  it('passes when the active certificate signs and the policy is assigned', async () => {
    const found = { preferredTokenSigningKeyThumbprint: A.toLowerCase(), keyCredentials: BOTH }
    expect(await survey(found)).toEqual([
      ['passed', 'signing certificate first', undefined],
      ['passed', 'signing certificate next', undefined],
      ['passed', 'claims mapping policy', undefined],
    ])
  })

  it('fails for both when the other one signs, and for the active one when none is chosen', async () => {
    const codes = async (preferred: string | null) =>
      (await survey({ preferredTokenSigningKeyThumbprint: preferred, keyCredentials: BOTH })).map(
        ([, , code]) => code,
      )
    const inactive = 'SIGNING_CERTIFICATE_INACTIVE'
    expect(await codes(B)).toEqual([inactive, inactive, undefined])
    expect(await codes(null)).toEqual([inactive, undefined, undefined])
  })

  it('fails for a certificate that is gone or has expired, and a policy that is not assigned', async () => {
    const keyCredentials = keys({ k2: NOW.toISOString() })
    const found = { preferredTokenSigningKeyThumbprint: A, keyCredentials }
    expect(await survey(found, [{ id: 'else', displayName: 'Else' }])).toEqual([
      ['failed', 'signing certificate first', 'SIGNING_CERTIFICATE_GONE'],
      ['failed', 'signing certificate next', 'SIGNING_CERTIFICATE_EXPIRED'],
      ['failed', 'claims mapping policy', 'CLAIMS_POLICY_MISSING'],
    ])
  })
})
