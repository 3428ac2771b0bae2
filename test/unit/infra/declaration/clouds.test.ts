import { expect, it } from 'vitest'
import { describeFederation } from '../../../../infra/declaration/federation.ts'
import { federatedCredential } from '../../../../infra/declaration/schema/federation.ts'
import { deployerLogin } from '../../../../scripts/proof/connection/deployer.ts'

const AUDIENCES = [
  ['public', 'api://AzureADTokenExchange'],
  ['usgovernment', 'api://AzureADTokenExchangeUSGov'],
  ['usgovernmentl5', 'api://AzureADTokenExchangeUSGov'],
  ['china', 'api://AzureADTokenExchangeChina'],
] as const

it.each(AUDIENCES)('a federated credential in the cloud %s has its audience', (cloud, audience) => {
  const declared = federatedCredential.parse({ github: { repository: 'contoso/files', branch: 'main' } })
  expect(describeFederation(declared, { cloud }).audience).toBe(audience)
  expect(describeFederation({ ...declared, audience: 'api://own' }, { cloud }).audience).toBe('api://own')
})

it.each(AUDIENCES)('the deployer asks GitHub for the audience of the cloud %s', async (cloud, audience) => {
  const asked: string[] = []
  const env = {
    ARM_TENANT_ID: 't',
    ARM_CLIENT_ID: 'c',
    ARM_USE_OIDC: 'true',
    ARM_ENVIRONMENT: cloud,
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example/token',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
  }
  const fetch = async (url: unknown) => {
    asked.push(String(url))
    return Response.json({ value: 'token' })
  }
  const login = deployerLogin(env, { fetch: fetch as typeof globalThis.fetch })
  if (login?.credential.kind !== 'assertion') throw new Error('expected a federated login')
  await login.credential.request()
  expect(new URL(asked[0] ?? '').searchParams.get('audience')).toBe(audience)
})
