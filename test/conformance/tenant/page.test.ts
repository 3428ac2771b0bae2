import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Fastify from 'fastify'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerPage } from '../../../tenant/page/routes.ts'
import { accessibilityProblems } from '../../support/accessibility.ts'
import { launchChromium } from '../../support/chromium.ts'
import { expectStatus, openTenant, type TestTenant } from './client.ts'

const HOSTILE = `<script>document.title='taken'</script><img src=x onerror="document.title='taken'">&amp;"'`

let at: TestTenant
let secrets: string[]
let clientId: string
beforeAll(async () => {
  at = await openTenant({
    now: () => new Date('2026-03-01T12:00:00Z'),
    deployerRoles: [
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      'Directory.Read.All',
    ],
  })
  const { control } = at.tenant
  const client = await at.client(['User.Read.All', 'Files.Read.All'])
  clientId = client.application.appId
  await at.token(client)
  const add = async (displayName: string, endDateTime: string) =>
    expectStatus(
      await at.graph('POST', `/applications/${client.application.id}/addPassword`, {
        passwordCredential: { displayName, startDateTime: '2026-01-01T00:00:00Z', endDateTime },
      }),
      200,
    ).secretText
  secrets = [
    client.secret,
    await add('long gone', '2026-02-01T00:00:00Z'),
    await add('nearly over', '2026-03-11T12:00:00Z'),
    readFileSync(at.tenant.deployer.secretFile, 'utf8').trim(),
    readFileSync(at.tenant.controlKeyFile, 'utf8').trim(),
    await at.token(),
  ]
  const hostile = {
    displayName: HOSTILE,
    web: { redirectUris: ['https://files.example.com/callback?a=1&b=2'] },
  }
  const { id } = expectStatus(await at.graph('POST', '/applications', hostile), 201)
  const federated = {
    name: 'pipeline',
    issuer: 'https://token.actions.example.com',
    subject: 'repo:contoso/files:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  }
  expectStatus(await at.graph('POST', `/applications/${id}/federatedIdentityCredentials`, federated), 201)
  control.addFault({ name: 'no <planner>', effect: 'unavailable', on: { path: '/planner/**' } })
  control.setLag({ lists: '30s' })
  expect((await at.graph('GET', '/planner/plans')).status).toBe(503)
}, 60_000)
afterAll(() => at.close())

const look = () => at.send('GET', '/')

describe('the page to look at', () => {
  it('loads nothing, and runs nothing but its own script', async () => {
    const { status, headers, text } = await look()
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = String(headers['content-security-policy'])
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; .*frame-ancestors 'none'$/,
    )
    expect(text).not.toMatch(/<(link|img|iframe|form|button)|<[^>]*(\son\w+=|\ssrc=|url\()/i)
    expect(text.match(/<script/g)).toHaveLength(1)
  })

  it('holds no secret, not even the beginning of one', async () => {
    for (const path of ['/', `/applications/${clientId}`]) {
      const { status, text } = await at.send('GET', path)
      expect(status).toBe(200)
      for (const secret of secrets) expect(text).not.toContain(secret.slice(0, 12))
    }
  })

  it('is for this machine and for reading', async () => {
    const server = Fastify()
    registerPage(server, {} as never)
    for (const url of ['/', `/applications/${clientId}`]) {
      const abroad = await server.inject({ url, headers: { host: 'rebound.example.com:8443' } })
      expect(abroad.statusCode).toBe(404)
    }
    expect((await at.send('GET', '/applications/none')).status).toBe(404)
    expect((await at.send('POST', '/', { body: {} })).status).toBe(404)
  })
})

describe('in a browser', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser.close())

  const open = async (options: BrowserContextOptions): Promise<Page> => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options })
    page = await context.newPage()
    await page.goto(`${at.tenant.url}/`)
    return page
  }
  /** The cells of the rows that hold a text, in a section. */
  const row = (section: string, text: string): Promise<string[]> =>
    page.locator(`#${section} tbody tr`, { hasText: text }).first().locator('th, td').allTextContents()

  it('tells all without scripts', async () => {
    await open({ javaScriptEnabled: false })
    expect(await page.locator('h1').textContent()).toContain('Contoso')
    expect(await page.locator('dl').textContent()).toMatch(/no <planner>/)
    expect(await page.locator('dl').textContent()).toMatch(/up to 30 s/)
    expect((await row('credentials', 'long gone')).at(-1)).toBe('expired')
    expect((await row('credentials', 'nearly over')).at(-1)).toBe('10 days')
    expect(await row('credentials', 'pipeline')).toEqual(
      expect.arrayContaining(['federated', 'does not expire']),
    )
    expect(await row('grants', 'Files.Read.All')).toEqual([
      expect.stringMatching(/^client /),
      'Microsoft Graph',
      'Files.Read.All',
      'application',
    ])
    expect((await row('sign-ins', 'client ')).at(-1)).toBe('2026-03-01 12:00:00 UTC')
    expect(await row('requests', '/v1.0/planner/plans')).toEqual(
      expect.arrayContaining(['GET', '503', 'fault: no <planner>']),
    )
  })

  it('shows names as they are, whatever is in them', async () => {
    await open({})
    expect(await row('applications', HOSTILE)).toEqual(
      expect.arrayContaining([HOSTILE, 'https://files.example.com/callback?a=1&b=2', 'no service principal']),
    )
    expect(await page.title()).toBe('Contoso (local tenant)')
  })

  it('sorts its tables, and finds rows by keyboard alone', async () => {
    await open({})
    await page.locator('#credentials').getByRole('button', { name: 'Left' }).focus()
    await page.keyboard.press('Enter')
    const left = await page.locator('#credentials tbody tr td:last-child').allTextContents()
    expect(left).toContain('expired')
    expect(left.slice(0, 2)).toEqual(['10 days', expect.stringMatching(/^\d{2,} days$/)])
    await page.getByRole('searchbox', { name: 'Search all tables' }).focus()
    await page.keyboard.type('nearly over')
    expect(await page.locator('tbody tr:visible').count()).toBe(1)
    expect(await page.getByRole('status').textContent()).toMatch(/^1 of \d+ rows$/)
  })

  it('shows an application with what it may do, what it signs in with, and what it did', async () => {
    await open({})
    await page
      .locator('#applications')
      .getByRole('link', { name: /^client/ })
      .click()
    expect(page.url()).toBe(`${at.tenant.url}/applications/${clientId}`)
    expect(await row('permissions', 'Files.Read.All')).toEqual([
      'Files.Read.All',
      'Microsoft Graph',
      'application',
      expect.stringMatching(/yes|no/),
      'granted',
    ])
    expect((await row('credentials', 'long gone')).slice(3)).toEqual([
      '2026-01-01 to 2026-02-01',
      'expired',
      'never',
    ])
    await page.getByRole('link', { name: 'Tenant' }).click()
    expect(page.url()).toBe(`${at.tenant.url}/`)
  })

  it('has no accessibility problem that axe finds, and can be printed', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const path of ['/', `/applications/${clientId}`]) {
        await open({ colorScheme })
        await page.goto(`${at.tenant.url}${path}`)
        expect(await accessibilityProblems(page), `${path} ${colorScheme}`).toEqual([])
        const screenshots = process.env['REPORT_SCREENSHOTS']
        const name = `tenant-${path === '/' ? 'page' : 'application'}-${colorScheme}.png`
        if (screenshots) await page.screenshot({ path: join(screenshots, name), fullPage: true })
      }
    }
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav').isVisible()).toBe(false)
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(5000)
  })

  it('follows the colours of the system, and fits a telephone', async () => {
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await open({ colorScheme: 'light' })
    const light = await background()
    await open({ colorScheme: 'dark', viewport: { width: 390, height: 844 } })
    expect(await background()).not.toBe(light)
    const wider = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wider).toBeLessThanOrEqual(0)
  })
})
