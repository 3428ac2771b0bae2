import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { html, Markup } from '../../../lib/html.ts'
import { PAGE_STYLE } from '../../../lib/page-style.ts'
import type { InventoryReport } from '../report.ts'
import { toPageData } from './page-data.ts'
import { INVENTORY_STYLE } from './style.ts'

/** Modules of the page, each after those that it imports. */
const MODULES = ['dom', 'model', 'pager', 'applications', 'map', 'timeline', 'main']

/**
 * The inventory as one HTML page that loads nothing: search, filters and sorting run in the browser, on data that is in
 * the page as JSON. Names from the tenant reach the document as text alone, and nothing but the page's own script may run.
 */
export function renderInventoryPage(report: InventoryReport): string {
  const script = MODULES.map(moduleText).join('\n')
  const style = PAGE_STYLE + INVENTORY_STYLE
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`
  const data = toPageData(report)
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <title>Inventory of tenant ${data.tenantId}</title>
  <style>${new Markup(style)}</style>
</head>
<body>
  <header>
    <h1>Inventory <small>tenant ${data.tenantId}</small></h1>
    <p>${data.summary} As of ${data.at.slice(0, 16).replace('T', ' ')} UTC.</p>
    <ul>${data.missing.map((each) => html`<li>${each}</li>`)}</ul>
    <nav aria-label="Sections"><a href="#applications">Applications</a> <a href="#map">Permissions</a> <a href="#credentials">Credentials</a></nav>
    <noscript><p>Search, filters and tables need JavaScript. Without it: <code>inventory --csv</code>.</p></noscript>
  </header>
  <main></main>
  <script type="application/json" id="data">${new Markup(inScript(data))}</script>
  <script>${new Markup(script)}</script>
</body>
</html>
`.text
}

/** JSON that cannot end the element that it is in, nor begin another. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

/** A module without its imports and exports: all of them are one script, since modules cannot be loaded from a file. */
function moduleText(name: string): string {
  const text = readFileSync(new URL(`browser/${name}.mjs`, import.meta.url), 'utf8')
  return text.replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
