import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  claimsOf,
  expectStatus,
  openTenant,
  type Response,
  type TestClient,
  type TestTenant,
} from '../tenant/client.ts'
import { choose, consent, createPkce, open, returned, userNamed } from './browser.ts'
import { codeOf } from './support.ts'

const WEB = 'https://files.example.com/oauth/callback'
const SPA = 'https://spa.example.com/'
const NATIVE = 'http://localhost/native'

let now = new Date('2026-03-01T12:00:00Z')
let at: TestTenant
let ada: Answer
let client: TestClient

beforeAll(async () => {
  at = await openTenant({ now: () => now })
  ada = await userNamed(at, 'Ada Lovelace')
  client = await newClient()
})
afterAll(() => at.close())
beforeEach(() => {
  now = new Date('2026-03-01T12:00:00Z')
})

/** A client with a redirect URI per platform and consent to read files and the user. */
async function newClient(scope = 'User.Read Files.Read'): Promise<TestClient> {
  const made = await at.client([])
  const platforms = {
    web: { redirectUris: [WEB] },
    spa: { redirectUris: [SPA] },
    publicClient: { redirectUris: [NATIVE] },
  }
  expectStatus(await at.graph('PATCH', `/applications/${made.application.id}`, platforms), 204)
  if (scope !== '') await consent(at, made.servicePrincipal.id, scope)
  return made
}

function ask(
  parameters: Record<string, string> = {},
  of = client,
  tenant = at.tenant.tenantId,
): Promise<Response> {
  const query = new URLSearchParams({
    client_id: of.clientId,
    response_type: 'code',
    redirect_uri: WEB,
    scope: 'openid profile offline_access User.Read',
    state: 'a state',
    ...parameters,
  })
  return open(at, `/${tenant}/oauth2/v2.0/authorize?${query}`)
}

async function signIn(parameters: Record<string, string> = {}, of = client): Promise<string> {
  return returned(await choose(at, await ask(parameters, of), 'Ada Lovelace'))['code'] ?? 'no code'
}

function redeem(
  form: Record<string, string>,
  options: { headers?: Record<string, string>; of?: TestClient } = {},
): Promise<Response> {
  const { clientId, secret } = options.of ?? client
  return at.requestToken(
    {
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: secret,
      redirect_uri: WEB,
      ...form,
    },
    options.headers === undefined ? {} : { headers: options.headers },
  )
}

const publicForm = (form: Record<string, string>): Record<string, string> => {
  const { client_secret: _secret, ...rest } = { client_secret: '', ...form }
  return { grant_type: 'authorization_code', client_id: client.clientId, ...rest }
}

describe('the sign-in page', () => {
  it('offers the users of the tenant, the one hinted at first, and needs no scripts', async () => {
    const page = await ask({ login_hint: 'grace@contoso.onmicrosoft.com' })
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.text).not.toContain('<script')
    const names = [...page.text.matchAll(/<strong>([^<]+)<\/strong><span>/g)].map(([, name]) => name)
    expect(names).toEqual(['Grace Hopper', 'Ada Lovelace', 'Linus Pauling'])
  })

  it('escapes what others wrote', async () => {
    const evil = await newClient()
    const displayName = `<img src=x onerror=alert(1)> & "quoted" 'too'`
    expectStatus(await at.graph('PATCH', `/applications/${evil.application.id}`, { displayName }), 204)
    const page = await ask({ state: '"><script>alert(2)</script>' }, evil)
    expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot; &#39;too&#39;')
    expect(page.text).not.toMatch(/<img|<script/)
    const refused = await ask({ redirect_uri: 'https://x.example.com/<script>alert(3)</script>' }, evil)
    expect(refused.text).toContain('&lt;script&gt;alert(3)')
    expect(refused.text).not.toContain('<script')
  })

  it('answers a POST as well as a GET', async () => {
    const body = new URLSearchParams({
      client_id: client.clientId,
      response_type: 'code',
      redirect_uri: WEB,
      scope: 'User.Read',
    })
    const page = await at.send('POST', `/${at.tenant.tenantId}/oauth2/v2.0/authorize`, { body })
    expect(returned(await choose(at, page, 'Ada Lovelace'))).toHaveProperty('code')
  })
})

describe('the way back', () => {
  it('carries code and state in the query, the fragment or a form', async () => {
    const query = returned(await choose(at, await ask(), 'Ada Lovelace'))
    expect(query).toMatchObject({
      state: 'a state',
      code: expect.any(String),
      session_state: expect.any(String),
    })
    const fragment = await choose(at, await ask({ response_mode: 'fragment' }), 'Ada Lovelace')
    expect(fragment.headers.location).toMatch(new RegExp(`^${WEB}#code=.*state=a\\+state$`))
    const form = await choose(at, await ask({ response_mode: 'form_post' }), 'Ada Lovelace')
    expect(form.status).toBe(200)
    expect(form.text).toContain(`<form method="post" action="${WEB}">`)
    expect(form.text).toMatch(/<input type="hidden" name="code" value="[^"]+">/)
  })

  it.each([
    ['Cancel', {}, 'access_denied', 65004],
    ['prompt=none', { prompt: 'none' }, 'login_required', 50058],
    ['an unknown scope', { scope: 'Nothing.Read' }, 'invalid_client', 650053],
    ['scopes of two APIs', { scope: 'User.Read https://vault.azure.net/x' }, 'invalid_request', 28000],
    ['.default beside others', { scope: 'User.Read .default' }, 'invalid_scope', 70011],
    ['an unknown API', { scope: 'api://nothing/read' }, 'invalid_resource', 500011],
    ['no consent', { scope: 'Mail.Read' }, 'consent_required', 65001],
    ['an implicit token', { response_type: 'token' }, 'unsupported_response_type', 700051],
    ['an implicit id token', { response_type: 'id_token' }, 'unsupported_response_type', 700054],
    ['a browser without PKCE', { redirect_uri: SPA }, 'invalid_request', 9002325],
    [
      'an unknown challenge method',
      { code_challenge: 'x', code_challenge_method: 'S1' },
      'invalid_request',
      90023,
    ],
  ])('carries the refusal of %s', async (name, parameters: Record<string, string>, error, code) => {
    const page = await ask(parameters)
    const answer = await (name === 'Cancel'
      ? at.send('POST', actionOf(page), { body: new URLSearchParams({ cancel: '1' }) })
      : page.status === 302
        ? page
        : choose(at, page, 'Ada Lovelace'))
    expect(returned(answer)).toMatchObject({
      error,
      state: 'a state',
      error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: `)),
    })
  })

  const actionOf = (page: Response): string =>
    /action="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''

  it.each([
    ['an unregistered redirect URI', { redirect_uri: 'https://evil.example.com/' }, 50011],
    ['another path', { redirect_uri: `${WEB}/more` }, 50011],
    ['the path in another case', { redirect_uri: WEB.replace('oauth', 'OAuth') }, 50011],
    ['an unknown client', { client_id: '9b1c0c2e-7f0f-4b77-9a8e-2f6f4d1d2c3b' }, 700016],
    ['an unknown response mode', { response_mode: 'carrier_pigeon' }, 90023],
  ])('is not taken for %s: the page says why', async (_name, parameters, code) => {
    const page = await ask(parameters)
    expect([page.status, page.headers.location]).toEqual([400, undefined])
    expect(page.text).toContain(`AADSTS${code}: `)
  })

  it('is not taken for a client of this tenant alone at /common, nor at a tenant that is not there', async () => {
    expect((await ask({}, client, 'common')).text).toContain('AADSTS50194: ')
    expect((await ask({}, client, 'nowhere.example.com')).text).toContain('AADSTS90002: ')
    const multi = await newClient()
    const audience = { signInAudience: 'AzureADMultipleOrgs' }
    expectStatus(await at.graph('PATCH', `/applications/${multi.application.id}`, audience), 204)
    expect((await ask({}, multi, 'organizations')).text).toContain('Sign in to Contoso')
  })

  it('finds localhost on any port, and the first redirect URI when none is named', async () => {
    const page = await ask({ redirect_uri: 'http://localhost:53682/native' })
    const answer = await choose(at, page, 'Ada Lovelace')
    expect(answer.headers.location).toMatch(/^http:\/\/localhost:53682\/native\?code=/)
    const unnamed = await choose(at, await ask({ redirect_uri: '' }), 'Ada Lovelace')
    expect(unnamed.headers.location).toMatch(new RegExp(`^${WEB}\\?code=`))
  })
})

describe('who may sign in', () => {
  it('is nobody that the tenant does not have, and nobody whom the client does not take', async () => {
    const body = new URLSearchParams({ user: '9b1c0c2e-7f0f-4b77-9a8e-2f6f4d1d2c3b' })
    const query = new URLSearchParams({
      client_id: client.clientId,
      response_type: 'code',
      scope: 'User.Read',
    })
    const answer = await at.send('POST', `/${at.tenant.tenantId}/login/v2.0?${query}`, { body })
    expect(returned(answer)['error_description']).toContain('AADSTS50034')

    const picky = await newClient()
    const path = `/servicePrincipals/${picky.servicePrincipal.id}`
    expectStatus(await at.graph('PATCH', path, { appRoleAssignmentRequired: true }), 204)
    const refused = await choose(at, await ask({}, picky), 'Ada Lovelace')
    expect(returned(refused)['error_description']).toContain('AADSTS50105')
    const assignment = {
      principalId: ada.id,
      resourceId: picky.servicePrincipal.id,
      appRoleId: '00000000-0000-0000-0000-000000000000',
    }
    expectStatus(await at.graph('POST', `${path}/appRoleAssignedTo`, assignment), 201)
    expect(returned(await choose(at, await ask({}, picky), 'Ada Lovelace'))).toHaveProperty('code')
  })

  it('is whoever is a direct member of an assigned group', async () => {
    const manager = await at.client(['Group.ReadWrite.All', 'GroupMember.ReadWrite.All'])
    const token = await at.token(manager)
    const picky = await newClient()
    const path = `/servicePrincipals/${picky.servicePrincipal.id}`
    expectStatus(await at.graph('PATCH', path, { appRoleAssignmentRequired: true }), 204)
    const body = {
      displayName: 'testers',
      mailEnabled: false,
      securityEnabled: true,
      mailNickname: 'testers',
    }
    const group = expectStatus(await at.graph('POST', '/groups', body, token), 201)
    const assignment = {
      principalId: group.id,
      resourceId: picky.servicePrincipal.id,
      appRoleId: '00000000-0000-0000-0000-000000000000',
    }
    expectStatus(await at.graph('POST', `${path}/appRoleAssignedTo`, assignment), 201)
    const attempt = async (): Promise<Record<string, string>> =>
      returned(await choose(at, await ask({}, picky), 'Ada Lovelace'))
    expect((await attempt())['error_description']).toContain('AADSTS50105')
    const reference = { '@odata.id': `${at.tenant.url}/v1.0/directoryObjects/${ada.id}` }
    expectStatus(await at.graph('POST', `/groups/${group.id}/members/$ref`, reference, token), 204)
    expect(await attempt()).toHaveProperty('code')
  })

  it('is nobody at a client that is switched off or has no service principal', async () => {
    const off = await newClient()
    const path = `/servicePrincipals/${off.servicePrincipal.id}`
    expectStatus(await at.graph('PATCH', path, { accountEnabled: false }), 204)
    expect(returned(await ask({}, off))['error_description']).toContain('AADSTS7000112')
    expectStatus(await at.graph('DELETE', path), 204)
    expect(returned(await ask({}, off))['error_description']).toContain('AADSTS7000229')
  })
})

describe('a code', () => {
  it('becomes tokens of the user with what is granted at that moment', async () => {
    const code = await signIn({ nonce: 'n-1' })
    const answer = expectStatus(await redeem({ code, client_info: '1' }), 200)
    expect(answer).toMatchObject({
      token_type: 'Bearer',
      scope: 'openid profile Files.Read User.Read',
      expires_in: 3599,
      refresh_token: expect.any(String),
    })
    const { url, tenantId } = at.tenant
    expect(claimsOf(answer.access_token)).toMatchObject({
      aud: '00000003-0000-0000-c000-000000000000',
      appid: client.clientId,
      appidacr: '1',
      idtyp: 'user',
      oid: ada.id,
      name: 'Ada Lovelace',
      upn: ada.userPrincipalName,
      scp: 'Files.Read openid profile User.Read',
      ver: '1.0',
    })
    expect(claimsOf(answer.access_token)).not.toHaveProperty('roles')
    expect(claimsOf(answer.id_token)).toMatchObject({
      aud: client.clientId,
      iss: `${url}/${tenantId}/v2.0`,
      nonce: 'n-1',
      oid: ada.id,
      preferred_username: ada.userPrincipalName,
      ver: '2.0',
    })
    const account = JSON.parse(Buffer.from(answer.client_info, 'base64url').toString())
    expect(account).toEqual({ uid: ada.id, utid: tenantId })
  })

  it('gives another subject to another application, and the same one again to the same', async () => {
    const subject = async (of: TestClient): Promise<string> =>
      claimsOf(expectStatus(await redeem({ code: await signIn({}, of) }, { of }), 200).id_token).sub
    const other = await newClient()
    expect(await subject(client)).toBe(await subject(client))
    expect(await subject(other)).not.toBe(await subject(client))
  })

  it('gives a refresh token and an id token only where they were asked for', async () => {
    const answer = expectStatus(await redeem({ code: await signIn({ scope: 'User.Read' }) }), 200)
    expect(Object.keys(answer).sort()).toEqual([
      'access_token',
      'expires_in',
      'ext_expires_in',
      'scope',
      'token_type',
    ])
  })

  it('of a public client is redeemed with its verifier and no secret', async () => {
    const { verifier, challenge } = createPkce()
    const asked = { redirect_uri: NATIVE, code_challenge: challenge, code_challenge_method: 'S256' }
    const form = publicForm({ code: await signIn(asked), redirect_uri: NATIVE, code_verifier: verifier })
    const withSecret = await at.requestToken({ ...form, client_secret: client.secret })
    expect(codeOf(withSecret)).toBe(700025)
    const answer = expectStatus(await at.requestToken(form), 200)
    expect(claimsOf(answer.access_token).appidacr).toBe('0')
  })

  it('of a single-page application is redeemed by a browser only', async () => {
    const { verifier, challenge } = createPkce()
    const asked = { redirect_uri: SPA, code_challenge: challenge, code_challenge_method: 'S256' }
    const form = publicForm({ code: await signIn(asked), redirect_uri: SPA, code_verifier: verifier })
    expect(codeOf(await at.requestToken(form))).toBe(9002327)
    const origin = 'https://spa.example.com'
    const answer = await at.requestToken(form, { headers: { origin } })
    expectStatus(answer, 200)
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    const preflight = await at.send('OPTIONS', `/${at.tenant.tenantId}/oauth2/v2.0/token`, {
      headers: { origin },
    })
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, origin])
  })

  const mistakes: [
    name: string,
    form: Record<string, string>,
    code: number,
    headers?: Record<string, string>,
  ][] = [
    ['the secret of nobody', { client_secret: 'wrong' }, 7000215],
    ['no secret', { client_secret: '' }, 7000218],
    ['another redirect URI', { redirect_uri: NATIVE }, 500112],
    ['no verifier', { code_verifier: '' }, 501481],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 501481],
    ['a browser at a server’s address', {}, 9002326, { origin: 'https://files.example.com' }],
    ['a code of nobody', { code: 'nothing' }, 70000],
    ['no code', { code: '' }, 900144],
  ]
  it.each(mistakes)('is refused for %s, and stays good', async (_name, form, code, headers) => {
    const { verifier, challenge } = createPkce()
    const right = {
      code: await signIn({ code_challenge: challenge, code_challenge_method: 'S256' }),
      code_verifier: verifier,
    }
    const wrong = await redeem({ ...right, ...form }, headers === undefined ? {} : { headers })
    expect(codeOf(wrong)).toBe(code)
    expectStatus(await redeem(right), 200)
  })

  it('is not redeemed at /common for a client of this tenant alone', async () => {
    const body = {
      grant_type: 'authorization_code',
      client_id: client.clientId,
      client_secret: client.secret,
      redirect_uri: WEB,
      code: await signIn(),
    }
    expect(codeOf(await at.requestToken(body, { tenant: 'common' }))).toBe(50194)
    expectStatus(await at.requestToken(body), 200)
  })

  it('is good once, for ten minutes, for one client, and not as a refresh token', async () => {
    const code = await signIn()
    const other = await newClient()
    expect(codeOf(await redeem({ code }, { of: other }))).toBe(70000)
    expect(codeOf(await redeem({ grant_type: 'refresh_token', refresh_token: code }))).toBe(70000)
    expectStatus(await redeem({ code }), 200)
    expect(codeOf(await redeem({ code }))).toBe(54005)
    const late = await signIn()
    now = new Date(now.getTime() + 600_001)
    expect(codeOf(await redeem({ code: late }))).toBe(70008)
  })
})

describe('a refresh token', () => {
  const refresh = (form: Record<string, string>, headers?: Record<string, string>): Promise<Response> =>
    redeem({ grant_type: 'refresh_token', ...form }, headers === undefined ? {} : { headers })

  it('gives new tokens, and follows the grants of the moment', async () => {
    const own = await newClient('User.Read')
    const first = expectStatus(await redeem({ code: await signIn({}, own) }, { of: own }), 200)
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    const again = expectStatus(await redeem(form, { of: own }), 200)
    expect(claimsOf(again.access_token)).toMatchObject({ scp: 'openid profile User.Read', oid: ada.id })
    expectStatus(await redeem({ ...form, refresh_token: again.refresh_token }, { of: own }), 200)
    const mail = await redeem({ ...form, scope: 'Mail.Read' }, { of: own })
    expect([codeOf(mail), mail.json.error, mail.json.suberror]).toEqual([
      65001,
      'invalid_grant',
      'consent_required',
    ])
    await consent(at, own.servicePrincipal.id, 'Mail.Read', ada.id)
    const wider = expectStatus(await redeem({ ...form, scope: 'Mail.Read' }, { of: own }), 200)
    expect(claimsOf(wider.access_token).scp).toBe('Mail.Read User.Read')
  })

  it('runs out after 90 days unused, after one day for a browser, and needs the same proof', async () => {
    const { refresh_token } = expectStatus(await redeem({ code: await signIn() }), 200)
    expect(codeOf(await refresh({ refresh_token, client_secret: 'wrong' }))).toBe(7000215)
    const { verifier, challenge } = createPkce()
    const asked = { redirect_uri: SPA, code_challenge: challenge, code_challenge_method: 'S256' }
    const form = publicForm({ code: await signIn(asked), redirect_uri: SPA, code_verifier: verifier })
    const headers = { origin: 'https://spa.example.com' }
    const spa = expectStatus(await at.requestToken(form, { headers }), 200)
    now = new Date(now.getTime() + 86_400_001)
    const renewed = publicForm({ grant_type: 'refresh_token', refresh_token: spa.refresh_token })
    expect(codeOf(await at.requestToken(renewed, { headers }))).toBe(700084)
    expectStatus(await refresh({ refresh_token }), 200)
    now = new Date(now.getTime() + 90 * 86_400_000)
    expect(codeOf(await refresh({ refresh_token }))).toBe(700082)
  })

  it('that is none is refused', async () => {
    expect(codeOf(await refresh({ refresh_token: 'nothing' }))).toBe(70000)
    expect(codeOf(await refresh({}))).toBe(900144)
  })
})

describe('consent', () => {
  it('for one user is not consent for another', async () => {
    const own = await newClient('')
    await consent(at, own.servicePrincipal.id, 'User.Read', ada.id)
    const scope = 'User.Read'
    expect(returned(await choose(at, await ask({ scope }, own), 'Ada Lovelace'))).toHaveProperty('code')
    const other = returned(await choose(at, await ask({ scope }, own), 'Grace Hopper'))
    expect(other['error_description']).toContain('AADSTS65001')
  })

  it('is needed for a mere sign-in too', async () => {
    const own = await newClient('')
    const page = await ask({ scope: 'openid' }, own)
    expect(returned(await choose(at, page, 'Ada Lovelace'))['error']).toBe('consent_required')
  })

  it('shows in a token of .default as all that is granted', async () => {
    const code = await signIn({ scope: 'https://graph.microsoft.com/.default' })
    const answer = expectStatus(await redeem({ code }), 200)
    expect(answer.scope).toBe('https://graph.microsoft.com/Files.Read https://graph.microsoft.com/User.Read')
  })
})

describe('user info', () => {
  it('is what the scopes of the token open, for a user only', async () => {
    const own = await newClient()
    const infoFor = async (scope: string): Promise<Response> => {
      const code = await signIn({ scope }, own)
      const { access_token, id_token } = expectStatus(await redeem({ code }, { of: own }), 200)
      subject = id_token === undefined ? undefined : claimsOf(id_token).sub
      return at.send('GET', '/oidc/userinfo', { headers: { authorization: `Bearer ${access_token}` } })
    }
    let subject: string | undefined
    const names = { name: 'Ada Lovelace', family_name: 'Lovelace', given_name: 'Ada' }
    const plain = expectStatus(await infoFor('openid User.Read'), 200)
    expect(plain).toEqual({ sub: subject, ...names })
    const email = { email: 'ada@contoso.onmicrosoft.com' }
    expect(expectStatus(await infoFor('openid email User.Read'), 200)).toEqual({
      sub: subject,
      ...names,
      ...email,
    })
    expect(expectStatus(await infoFor('User.Read'), 401).error.code).toBe('InvalidAuthenticationToken')
    const headers = { authorization: `Bearer ${await at.token()}` }
    expectStatus(await at.send('GET', '/oidc/userinfo', { headers }), 401)
    expectStatus(await at.send('GET', '/oidc/userinfo'), 401)
  })
})

describe('Graph', () => {
  it('shows a user themselves and their files', async () => {
    const code = await signIn({ scope: 'User.Read Files.Read' })
    const token = expectStatus(await redeem({ code }), 200).access_token
    const me = expectStatus(await at.graph('GET', '/me', undefined, token), 200)
    expect(me).toMatchObject({ id: ada.id, displayName: 'Ada Lovelace' })
    const files = expectStatus(await at.graph('GET', '/me/drive/root/children', undefined, token), 200)
    expect(files.value.map((item: Answer) => item.name)).toContain('Budget.xlsx')
    const alone = expectStatus(await at.graph('GET', '/me'), 400)
    expect(alone.error.message).toBe('/me request is only valid with delegated authentication flow.')
  })

  it('takes a user’s token for what its scopes allow, and never to change what others own', async () => {
    const own = await newClient('User.Read.All Application.ReadWrite.All')
    const code = await signIn({ scope: 'User.Read.All' }, own)
    const token = expectStatus(await redeem({ code }, { of: own }), 200).access_token
    expectStatus(await at.graph('GET', '/users', undefined, token), 200)
    const { value } = expectStatus(await at.graph('GET', '/applications', undefined, token), 200)
    expectStatus(await at.graph('GET', '/oauth2PermissionGrants', undefined, token), 403)
    expectStatus(await at.graph('PATCH', `/applications/${value[0].id}`, { displayName: 'x' }, token), 403)
  })
})
