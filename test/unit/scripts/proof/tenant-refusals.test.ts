import { expect, it } from 'vitest'
import { CATALOGUE } from '../../../../scripts/proof/catalogue/index.ts'
import * as errors from '../../../../tenant/errors/login-error.ts'
import * as client from '../../../../tenant/login/refusals/client.ts'
import * as resource from '../../../../tenant/login/refusals/resource.ts'
import * as user from '../../../../tenant/login/refusals/user.ts'

/** Sent only where a user signs in, or for a request that no client credential makes; the proof never meets them. */
const OF_OTHER_FLOWS = [
  'badParameter 90023',
  'challengeRequired 9002325',
  'codeExpired 70008',
  'codeRedeemed 54005',
  'crossOriginNotAllowed 9002326',
  'crossOriginRequired 9002327',
  'disabledUser 50057',
  'grantNotValid 70000',
  'implicitIdTokenNotEnabled 700054',
  'implicitTokenNotEnabled 700051',
  'notSignedIn 50058',
  'otherRedirectUri 500112',
  'refreshTokenExpired 700082',
  'responseTypeNotServed 70005',
  'severalResources 28000',
  'spaRefreshTokenExpired 700084',
  'unknownUser 50034',
  'verifierMismatch 501481',
]

type Refuse = (...facts: readonly unknown[]) => errors.LoginError

/** Each refusal of the tenant's login with its code. Only the sentence hangs on the facts, so a date does for all. */
function refusals(): { name: string; code: number }[] {
  const { LoginError, describeLoginError, renderLoginError, ...general } = errors
  const all = Object.entries({ ...general, ...client, ...resource, ...user })
  const fact = new Date(0)
  return all.map(([name, refuse]) => ({ name, code: (refuse as Refuse)(fact, fact, fact).code }))
}

it('every refusal that a client credential can meet in the local tenant is in the catalogue', () => {
  const explained = new Set(CATALOGUE.map(({ source, code }) => `${source} ${code}`))
  const missing = refusals().filter(({ code }) => !explained.has(`login AADSTS${code}`))
  expect(missing.map(({ name, code }) => `${name} ${code}`).sort()).toEqual(OF_OTHER_FLOWS)
})
