import { expect, it } from 'vitest'
import { SECRET_VARIABLES, secretsIn } from '../../../../scripts/lib/secret-variables.ts'

it('knows the variables that hold secrets', () => {
  const env = Object.fromEntries(SECRET_VARIABLES.map((name) => [name, `value of ${name}`]))
  expect(secretsIn({ ...env, ARM_CLIENT_ID: 'id', PATH: '/bin' })).toEqual(Object.values(env))
})

it('knows those that are called so, too', () => {
  expect(
    secretsIn({
      SIGNING_PFX_PASSPHRASE: 'horse battery',
      DELIVERY_TOKEN: 'github_pat_1',
      ARM_CLIENT_SECRET_FILE_PATH: '/run/secrets/x',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example',
      SOME_TOKEN: 'default',
    }),
  ).toEqual(['horse battery', 'github_pat_1'])
})

it('knows the passwords and signatures in the URL of a state back end', () => {
  expect(secretsIn({ PULUMI_BACKEND_URL: 'postgres://state:p%40ssword@db.example/state' })).toEqual([
    'p%40ssword',
    'p@ssword',
  ])
  expect(secretsIn({ PULUMI_BACKEND_URL: 'azblob://state?sig=c2lnbmF0dXJl&x=1' })).toEqual(['c2lnbmF0dXJl'])
  expect(secretsIn({ PULUMI_BACKEND_URL: 'file://~/state' })).toEqual([])
})

it('leaves the passphrase of the local tenant alone, which is an ordinary word', () => {
  expect(secretsIn({ PULUMI_CONFIG_PASSPHRASE: 'local-tenant' })).toEqual([])
})
