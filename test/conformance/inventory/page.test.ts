import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inventory } from '../../../scripts/commands/inventory.ts'
import { accessibilityProblems } from '../../support/accessibility.ts'
import { launchChromium } from '../../support/chromium.ts'
import { rehearse } from '../../support/rehearsal.ts'
import { recordingTerminal } from '../../support/terminal.ts'

const APPLICATIONS = 10_000
const HOSTILE = `</script><script>document.title='taken'</script><img src=x onerror="document.title='taken'">&amp;"'`

/** The page of a tenant with 10,000 registrations, straight from the disk. */
describe('the inventory page in Chromium', () => {
  let folder: string
  let file: string
  let browser: Browser
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entra-apps-inventory-page-'))
    file = join(folder, 'inventory.html')
    const stage = await rehearse()
    try {
      const { tenant } = stage
      const roles = ['User.Read.All', 'Mail.Read', 'Files.Read.All', 'Sites.Read.All', 'Group.Read.All']
      tenant.control.seed({
        applications: [
          ...Array.from({ length: APPLICATIONS }, (_, i) => ({
            displayName: `plain-${i}`,
            secrets: [
              {
                displayName: 'main',
                issuedAgo: `${i % 300}d` as const,
                lifetime: `${100 + (i % 600)}d` as const,
              },
            ],
            permissions: {
              'Microsoft Graph': { application: [roles[i % roles.length] ?? ''], delegated: ['User.Read'] },
            },
          })),
          { displayName: HOSTILE, secrets: [{ displayName: HOSTILE, lifetime: '90d' }], permissions: {} },
        ],
      })
      const env = {
        ARM_TENANT_ID: tenant.tenantId,
        ARM_METADATA_HOSTNAME: new URL(tenant.url).host,
        ARM_CLIENT_ID: tenant.deployer.clientId,
        ARM_CLIENT_SECRET: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
      }
      const terminal = recordingTerminal()
      await inventory(
        { html: file, expiringWithin: '30d', maxLifetime: '366d', unusedAfter: '90d' },
        {
          projectDir: folder,
          env,
          terminal,
          signal: new AbortController().signal,
          openWorkspace: () => Promise.reject(new Error('the engine was asked for')),
        },
      )
    } finally {
      await stage.close()
    }
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const open = async (options: Parameters<Browser['newPage']>[0] = {}) => {
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, ...options })
    page.setDefaultTimeout(10_000)
    const events: string[] = []
    page.on('request', (request) => events.push(request.url()))
    page.on('console', (message) => events.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => events.push(`error: ${error.message}`))
    await page.goto(pathToFileURL(file).href)
    return { page, events }
  }
  const names = (page: Page) => page.locator('#applications tbody th button').allTextContents()
  const shown = (page: Page) => page.locator('[role=status]').textContent()
  const search = async (page: Page, text: string, count: number) => {
    await page.getByRole('searchbox').fill(text)
    await page.getByText(new RegExp(`^${count} of `)).waitFor()
  }

  it('shows 10,000 applications page by page, and loads nothing', async () => {
    const { page, events } = await open()
    expect(await names(page)).toHaveLength(100)
    expect((await stat(file)).size).toBeLessThan(12e6)
    await page.getByRole('button', { name: 'Last page of applications' }).click()
    expect(await page.locator('#applications .pager').textContent()).toContain(`${APPLICATIONS}`.slice(0, 2))
    expect(events).toEqual([pathToFileURL(file).href])
    await shoot(page, 'light')
    await page.close()
  })

  it('searches, filters and sorts', async () => {
    const { page } = await open()
    await search(page, 'plain-123', 11)
    expect(new Set(await names(page))).toContain('plain-1234')
    await page.getByRole('button', { name: 'Application', exact: true }).click()
    expect((await names(page))[0]).toBe('plain-123')
    await page.getByRole('button', { name: /^Application ↑/ }).click()
    expect((await names(page))[0]).toBe('plain-1239')
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending')
    await page.locator('#map button', { hasText: 'Mail.Read' }).click()
    expect(await shown(page)).toContain('that have Mail.Read')
    expect((await names(page)).sort()).toEqual(['plain-1231', 'plain-1236'])
    expect(await page.locator('#credentials tbody tr').count()).toBe(2)
    await page.getByRole('button', { name: 'Reset' }).click()
    await page.getByRole('combobox', { name: 'Findings' }).selectOption('high')
    expect(Number((await shown(page))?.split(' ')[0])).toBeLessThan(APPLICATIONS)
    await page.close()
  })

  it('is used by keyboard alone, and keeps the focus', async () => {
    const { page } = await open()
    await page.getByRole('searchbox').focus()
    await page.keyboard.type('plain-4321')
    await page.getByText(/^1 of /).waitFor()
    const focused = () => page.evaluate('document.activeElement.textContent')
    for (let i = 0; i < 40 && (await focused()) !== 'plain-4321'; i++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator('tr.details').textContent()).toContain(
      'Microsoft Graph: Mail.Read (application',
    )
    expect(await focused()).toBe('plain-4321')
    await page.keyboard.press('Enter')
    expect(await page.locator('tr.details').count()).toBe(0)
    await page.close()
  })

  it('shows hostile names as they are', async () => {
    const { page } = await open()
    await search(page, 'taken', 1)
    expect(await names(page)).toEqual([HOSTILE])
    await page.locator('#applications tbody th button').click()
    expect(await page.title()).toMatch(/^Inventory of tenant/)
    expect(await page.locator('main img, main script').count()).toBe(0)
    expect(await page.locator('#credentials tbody tr').textContent()).toContain(HOSTILE)
    await page.close()
  })

  it.each(['light', 'dark'] as const)(
    'has no accessibility problem that axe finds, in %s',
    async (colorScheme) => {
      const { page } = await open({ colorScheme })
      await search(page, 'plain-777', 11)
      await page.locator('#applications tbody th button').first().click()
      expect(await accessibilityProblems(page)).toEqual([])
      await shoot(page, colorScheme === 'dark' ? 'dark' : 'search')
      await page.close()
    },
  )

  it('fits a telephone and paper', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } })
    await shoot(page, 'phone')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.filters').isVisible()).toBe(false)
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000)
    await page.close()
  })
})

async function shoot(page: Page, name: string): Promise<void> {
  const screenshots = process.env['REPORT_SCREENSHOTS']
  if (screenshots) await page.screenshot({ path: join(screenshots, `inventory-${name}.png`), fullPage: true })
}
