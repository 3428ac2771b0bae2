import { createHash, randomBytes } from 'node:crypto'
import { type Answer, expectStatus, type Response, type TestTenant } from '../tenant/client.ts'

/** A verifier and its S256 challenge (RFC 7636). */
export interface Pkce {
  readonly verifier: string
  readonly challenge: string
}

export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** What comes back to the application: the parameters of the redirect. */
export type Returned = Record<string, string>

/** Opens an authorization address as a browser does, without following redirects. */
export function open(at: TestTenant, address: string | URL): Promise<Response> {
  const { pathname, search } = new URL(address, at.tenant.url)
  return at.send('GET', `${pathname}${search}`)
}

/** Presses the button of a user on the sign-in page. */
export async function choose(at: TestTenant, page: Response, name: string): Promise<Response> {
  if (page.status !== 200) throw new Error(`no sign-in page: ${page.status} ${page.text}`)
  const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
  const buttons = [...page.text.matchAll(/<button name="user" value="([^"]+)">\s*<strong>([^<]*)</g)]
  const user = buttons.find(([, , shown]) => shown === name)?.[1]
  if (action === undefined || user === undefined)
    throw new Error(`"${name}" is not on the page: ${page.text}`)
  return at.send('POST', action, { body: new URLSearchParams({ user }) })
}

/** The parameters that an answer sends back to the application in the query of its redirect. */
export function returned(answer: Response): Returned {
  expectStatus(answer, 302)
  return Object.fromEntries(new URL(answer.headers.location ?? '').searchParams)
}

/** The user whose name this is. */
export async function userNamed(at: TestTenant, displayName: string): Promise<Answer> {
  const reader = await at.client(['User.Read.All'])
  const token = await at.token(reader)
  const { value } = expectStatus(await at.graph('GET', '/users', undefined, token), 200)
  return value.find((user: Answer) => user.displayName === displayName)
}

/** Grants delegated scopes of Microsoft Graph to a client, for everybody or for one user. */
export async function consent(
  at: TestTenant,
  clientPrincipalId: string,
  scope: string,
  principalId?: string,
): Promise<Answer> {
  const filter = encodeURIComponent("appId eq '00000003-0000-0000-c000-000000000000'")
  const [graph] = expectStatus(await at.graph('GET', `/servicePrincipals?$filter=${filter}`), 200).value
  const body = {
    clientId: clientPrincipalId,
    resourceId: graph.id,
    scope,
    ...(principalId === undefined
      ? { consentType: 'AllPrincipals' }
      : { consentType: 'Principal', principalId }),
  }
  return expectStatus(await at.graph('POST', '/oauth2PermissionGrants', body), 201)
}
