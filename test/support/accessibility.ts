import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** What axe finds against the accessibility rules on the page as it stands: rule and elements. */
export async function accessibilityProblems(page: Page): Promise<[rule: string, elements: string[]][]> {
  // Run from the browser's tools, which the page's own policy does not stop.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}
