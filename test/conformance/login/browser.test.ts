import { createServer, type Server } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../../support/chromium.ts'
import { expectStatus, openTenant, type TestClient, type TestTenant } from '../tenant/client.ts'
import { consent } from './browser.ts'

let at: TestTenant
let client: TestClient
let browser: Browser
let application: Server
let home: string
/** What came back to the application, by method. */
const received: { method: string; fields: URLSearchParams }[] = []

beforeAll(async () => {
  at = await openTenant()
  application = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { searchParams } = new URL(request.url ?? '/', home)
      const fields =
        request.method === 'POST' ? new URLSearchParams(Buffer.concat(chunks).toString()) : searchParams
      if (fields.size > 0) received.push({ method: request.method ?? '', fields })
      response.writeHead(200, { 'content-type': 'text/plain' }).end('signed in')
    })
  })
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  const address = application.address()
  home = `http://localhost:${typeof address === 'object' ? address?.port : 0}/cb`
  client = await at.client([])
  const web = { web: { redirectUris: ['http://localhost/cb'] } }
  expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, web), 204)
  await consent(at, client.servicePrincipal.id, 'User.Read')
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  application?.close()
  await at?.close()
})

describe('a person in a browser without scripts', () => {
  it.each(['query', 'form_post'])('picks a user and comes back to the application by %s', async (mode) => {
    const context = await browser.newContext({ javaScriptEnabled: false, ignoreHTTPSErrors: true })
    try {
      const page = await context.newPage()
      const query = new URLSearchParams({
        client_id: client.clientId,
        response_type: 'code',
        response_mode: mode,
        redirect_uri: home,
        scope: 'openid User.Read',
        state: 'a "state" & more',
      })
      await page.goto(`${at.tenant.url}/${at.tenant.tenantId}/oauth2/v2.0/authorize?${query}`)
      expect(await page.title()).toBe('Sign in to Contoso')
      await page.getByRole('button', { name: 'Grace Hopper' }).click()
      if (mode === 'form_post') await page.getByRole('button', { name: 'Continue' }).click()
      await page.waitForURL(`${home}**`)
      expect(await page.textContent('body')).toBe('signed in')
      const last = received.at(-1)
      expect(last?.method).toBe(mode === 'form_post' ? 'POST' : 'GET')
      expect(last?.fields.get('state')).toBe('a "state" & more')
      const answer = await at.requestToken({
        grant_type: 'authorization_code',
        client_id: client.clientId,
        client_secret: client.secret,
        redirect_uri: home,
        code: last?.fields.get('code') ?? '',
      })
      expectStatus(answer, 200)
    } finally {
      await context.close()
    }
  })

  it('reads why a redirect URI is refused', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, ignoreHTTPSErrors: true })
    try {
      const page = await context.newPage()
      const query = new URLSearchParams({
        client_id: client.clientId,
        response_type: 'code',
        redirect_uri: 'https://elsewhere.example.com/',
        scope: 'User.Read',
      })
      await page.goto(`${at.tenant.url}/${at.tenant.tenantId}/oauth2/v2.0/authorize?${query}`)
      expect(await page.textContent('main')).toContain(
        "AADSTS50011: The redirect URI 'https://elsewhere.example.com/' specified in the request does not match",
      )
    } finally {
      await context.close()
    }
  })
})
