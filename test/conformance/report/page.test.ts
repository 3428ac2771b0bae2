import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Generation } from '../../../infra/rotation/generation.ts'
import { reportCredentials } from '../../../scripts/report/credentials.ts'
import { renderReportHtml } from '../../../scripts/report/html.ts'
import { accessibilityProblems } from '../../support/accessibility.ts'
import { launchChromium } from '../../support/chromium.ts'

/** A year of monthly rotations: twelve retired generations and the current one. */
const YEAR = Array.from({ length: 13 }, (_, i): Generation => {
  const month = (offset: number, day = '01') => {
    const at = new Date(Date.UTC(2026, i + offset, Number(day)))
    return `${at.toISOString().slice(0, 19)}Z`
  }
  const live = {
    generation: i + 1,
    issuedAt: month(0),
    endDate: month(3),
    keyId: `key-${i}`,
    currentSince: month(0),
  }
  if (i === 12) return { ...live, phase: 'current' }
  return {
    ...live,
    phase: 'retired',
    previousSince: month(1),
    retireAfter: month(1, '08'),
    retiredAt: month(1, '08'),
    ended: 'superseded',
  }
})

/** The page in a real browser, straight from the disk. */
describe('the report page in Chromium', () => {
  let dir: string
  let browser: Browser
  let file: string
  beforeAll(async () => {
    browser = await launchChromium()
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-page-'))
    file = join(dir, 'report.html')
    const report = reportCredentials({
      outputs: { apps: {}, ledger: { 'file-manager': { onedrive: YEAR } } },
      policies: {},
      lastUses: undefined,
      now: new Date('2027-01-20T00:00:00Z'),
      stack: 'year',
    })
    await writeFile(
      file,
      renderReportHtml(report, [
        { title: 'Consumers', head: ['consumer'], rows: [['10 hourly'], ['9 daily'], ['']] },
      ]),
    )
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    if (dir) await rm(dir, { recursive: true, force: true })
  })

  const open = async (
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ page: Page; requests: string[] }> => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1100 }, ...options })
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => requests.push(`console: ${message.text()}`))
    await page.goto(pathToFileURL(file).href)
    return { page, requests }
  }

  it('shows every generation and its overlap, and asks for nothing', async () => {
    const { page, requests } = await open()
    expect(await page.locator('.generation').count()).toBe(13)
    expect(await page.locator('.generation[data-phase=current]').count()).toBe(1)
    expect(await page.locator('svg.timeline rect.previous').count()).toBe(12)
    const box = async (lane: number, kind: string) =>
      (await page.locator('.generation').nth(lane).locator(`rect.${kind}`).boundingBox()) ??
      expect.unreachable()
    for (let lane = 0; lane < 12; lane++) {
      const overlap = await box(lane, 'previous')
      const successor = await box(lane + 1, 'current')
      expect(overlap.x).toBeCloseTo(successor.x, 0)
      expect(overlap.width).toBeGreaterThan(3)
    }
    expect(requests).toEqual([pathToFileURL(file).href])
  })

  it('stays within the window, on a phone too', async () => {
    for (const width of [1200, 390]) {
      const { page } = await open({ viewport: { width, height: 900 } })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    }
  })

  it.each(['light', 'dark'] as const)('is readable in %s', async (colorScheme) => {
    const { page } = await open({ colorScheme })
    for (const selector of ['p', 'th', 'td', '.legend']) {
      expect(await contrast(page, selector), selector).toBeGreaterThan(4.5)
    }
    for (const kind of ['current', 'previous', 'issued']) {
      expect(await contrast(page, `.legend rect.${kind}`, 'fill'), kind).toBeGreaterThan(3)
    }
    const screenshots = process.env['REPORT_SCREENSHOTS']
    if (screenshots)
      await page.screenshot({ path: join(screenshots, `report-${colorScheme}.png`), fullPage: true })
  })

  it('sorts its tables, and finds rows', async () => {
    const { page } = await open()
    const consumers = page.getByRole('region', { name: 'Consumers' })
    const texts = () => consumers.locator('tbody td').allTextContents()
    const head = consumers.getByRole('button', { name: 'consumer' })
    await head.click()
    expect(await texts()).toEqual(['9 daily', '10 hourly', ''])
    await page.keyboard.press('Enter')
    expect(await texts()).toEqual(['10 hourly', '9 daily', ''])
    expect(await consumers.locator('th').getAttribute('aria-sort')).toBe('descending')
    await page.getByRole('searchbox', { name: 'Search all tables' }).fill('hour 10')
    expect(await page.getByRole('status').textContent()).toBe('1 of 4 rows')
    expect(await consumers.locator('tbody tr:visible').count()).toBe(1)
  })

  it('shows its tables without scripts', async () => {
    const { page } = await open({ javaScriptEnabled: false })
    expect(await page.getByRole('cell', { name: 'file-manager/onedrive g13' }).count()).toBe(1)
  })

  it('has no accessibility problem that axe finds', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open({ colorScheme })
      expect(await accessibilityProblems(page), colorScheme).toEqual([])
    }
  })

  it('is printed on white in ink, with its bars', async () => {
    const { page } = await open({ colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await contrast(page, 'td')).toBeGreaterThan(7)
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(5000)
  })
})

/** Contrast of an element's colour with the page behind it ("Web Content Accessibility Guidelines", 1.4.3). */
async function contrast(page: Page, selector: string, property = 'color'): Promise<number> {
  const colors = (await page.evaluate(
    `[getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}, getComputedStyle(document.body).backgroundColor]`,
  )) as string[]
  const [a = 0, b = 0] = colors.map(luminance)
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = (color.match(/\d+/g) ?? []).map((part) => {
    const value = Number(part) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
