import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { IssuerKeys } from '../../../../tenant/login/issuer-keys.ts'

const ISSUER = 'https://issuer.example.com/tenant'

interface Published {
  readonly [address: string]: unknown
}

/** An issuer that answers from a table, and a list of what it was asked. */
function fakeIssuer(published: () => Published) {
  const asked: string[] = []
  const fetch = async (address: string): Promise<Response> => {
    asked.push(address)
    const body = published()[address]
    if (body instanceof Error) throw body
    return body === undefined ? new Response('', { status: 404 }) : Response.json(body)
  }
  return { asked, fetch }
}

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const token = await new SignJWT({ iss: ISSUER }).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256' }, token }
}

const discovery = (change: object = {}): Published => ({
  [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: `${ISSUER}/keys`, ...change },
})

describe('keys of an issuer', () => {
  it('are found by its discovery document and kept', async () => {
    const { jwk, token } = await newKey('one')
    const { asked, fetch } = fakeIssuer(() => ({ ...discovery(), [`${ISSUER}/keys`]: { keys: [jwk] } }))
    const issuers = new IssuerKeys({ fetch })
    for (let n = 0; n < 3; n += 1) await jwtVerify(token, await issuers.of(ISSUER))
    expect(asked).toEqual([`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/keys`])
  })

  it('are fetched anew for a key id that is not among them', async () => {
    const [first, second] = await Promise.all([newKey('one'), newKey('two')])
    let keys = [first.jwk]
    const { asked, fetch } = fakeIssuer(() => ({ ...discovery(), [`${ISSUER}/keys`]: { keys } }))
    const issuers = new IssuerKeys({ fetch, cooldown: 0 })
    await jwtVerify(first.token, await issuers.of(ISSUER))
    keys = [second.jwk]
    await jwtVerify(second.token, await issuers.of(ISSUER))
    expect(asked.filter((address) => address === `${ISSUER}/keys`)).toHaveLength(2)
    await expect(jwtVerify(first.token, await issuers.of(ISSUER))).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    })
  })

  it.each<[string, () => Published]>([
    ['answers nothing', () => ({})],
    ['cannot be reached', () => ({ [`${ISSUER}/.well-known/openid-configuration`]: new Error('no route') })],
    ['says that it is another', () => discovery({ issuer: `${ISSUER}/` })],
    ['names no keys', () => discovery({ jwks_uri: undefined })],
    ['is not an object', () => ({ [`${ISSUER}/.well-known/openid-configuration`]: [] })],
  ])('cannot be found from one that %s', async (_name, published) => {
    const issuers = new IssuerKeys({ fetch: fakeIssuer(published).fetch })
    await expect(issuers.of(ISSUER)).rejects.toMatchObject({ name: 'LoginError', code: 50166 })
  })

  it('cannot be found when the address of the keys answers nothing', async () => {
    const { token } = await newKey('one')
    const issuers = new IssuerKeys({ fetch: fakeIssuer(() => discovery()).fetch })
    await expect(jwtVerify(token, await issuers.of(ISSUER))).rejects.toMatchObject({ code: 50166 })
  })
})
