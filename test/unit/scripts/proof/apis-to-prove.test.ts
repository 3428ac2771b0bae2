import { expect, it } from 'vitest'
import { apisToProve } from '../../../../scripts/proof/model/target.ts'
import { apisOf } from '../../../../scripts/proof/targets/stack-targets.ts'

const VAULT = 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'
const VAULT_DECLARED = { appId: VAULT, application: [], delegated: ['user_impersonation'], roleIds: {} }
const credential = { kind: 'secret', value: 's' } as const
const target = { label: 'x', tenantId: 't', clientId: 'c', credential }

it.each([
  ['no other permission', {}, 'Azure Key Vault'],
  ['delegated permissions only', { Vault: VAULT_DECLARED }, 'Vault'],
])('asks for a token of any API, once, with %s', (_, permissions, name) => {
  const apis = apisOf({ permissions, tokens: ['https://vault.azure.net/', VAULT.toUpperCase()] })
  const asked = apisToProve({ ...target, expected: { apis } })
  expect(asked.slice(1)).toEqual([{ name, appId: VAULT, roles: [], isAsked: true }])
})

it('asks for no token of an API without app roles unless that is declared', () => {
  const apis = apisOf({ permissions: { Vault: VAULT_DECLARED } })
  expect(apisToProve({ ...target, expected: { apis } })).toHaveLength(1)
})
