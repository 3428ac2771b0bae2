import { request } from 'node:https'
import { isGuid } from '../microsoft/guid.ts'
import { TenantError } from './errors/tenant-error.ts'
import type { RunningTenant } from './tenant.ts'

/**
 * Signs a user in at an authorization address, as a person in a browser would.
 *
 * @param address what the application sends browsers to, such as the answer of MSAL's `getAuthCodeUrl`
 * @param user user principal name, with or without the domain, or object id
 * @returns where the browser is sent back to: the redirect URI with `code` and `state`, or with `error`, as query
 *   parameters, whatever response mode was asked for
 * @throws TenantError `SIGN_IN_REFUSED` when the tenant refuses without going back to the application
 */
export async function signIn(
  { caPem, domain }: Pick<RunningTenant, 'caPem' | 'domain'>,
  address: string | URL,
  user: string,
): Promise<URL> {
  const name = user.includes('@') || isGuid(user) ? user : `${user}@${domain}`
  const choice = new URL(address)
  choice.pathname = choice.pathname.replace(/\/oauth2(\/v2\.0)?\/authorize\/?$/, '/login$1')
  choice.searchParams.set('response_mode', 'query')
  const answer = await post(choice, new URLSearchParams({ user: name }).toString(), caPem)
  if (answer.location !== undefined) return new URL(answer.location)
  const reason = /<p class="refusal">([^<]*)/.exec(answer.text)?.[1] ?? `${answer.status} ${answer.text}`
  const text = reason.replaceAll(/&(?:#39|quot);/g, "'").replaceAll('&amp;', '&')
  throw new TenantError('SIGN_IN_REFUSED', `The sign-in page refuses the request: ${text}`)
}

interface Answer {
  readonly status: number | undefined
  readonly location: string | undefined
  readonly text: string
}

function post(url: URL, form: string, ca: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const outgoing = request(url, { method: 'POST', ca, headers, agent: false }, (incoming) => {
      const { statusCode: status, headers } = incoming
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (part: string) => {
        text += part
      })
      incoming.on('error', reject)
      incoming.on('end', () => resolve({ status, location: headers.location, text }))
    })
    outgoing.on('error', reject)
    outgoing.end(form)
  })
}
