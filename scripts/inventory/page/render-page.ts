import { renderDocument } from '../../../lib/page/document.ts'
import { html } from '../../../lib/page/html.ts'
import type { InventoryReport } from '../report.ts'
import { toPageData } from './page-data.ts'
import { INVENTORY_STYLE } from './style.ts'

/** Modules of the page, each after those that it imports. */
const MODULES = [
  new URL('../../../lib/page/browser/dom.mjs', import.meta.url),
  ...['model', 'pager', 'applications', 'map', 'timeline', 'main'].map(
    (name) => new URL(`browser/${name}.mjs`, import.meta.url),
  ),
]

/** The inventory as one HTML page: search, filters and sorting run in the browser, on data that is in the page as JSON. */
export function renderInventoryPage(report: InventoryReport): string {
  const data = toPageData(report)
  const body = html`<header>
    <h1>Inventory <small>tenant ${data.tenantId}</small></h1>
    <p>${data.summary} As of ${data.at.slice(0, 16).replace('T', ' ')} UTC.</p>
    <ul>${data.missing.map((each) => html`<li>${each}</li>`)}</ul>
    <nav aria-label="Sections"><a href="#applications">Applications</a> <a href="#map">Permissions</a> <a href="#credentials">Credentials</a></nav>
    <noscript><p>Search, filters and tables need JavaScript. Without it: <code>inventory --csv</code>.</p></noscript>
  </header>
  <main></main>`
  const title = `Inventory of tenant ${data.tenantId}`
  return renderDocument({ title, body, style: INVENTORY_STYLE, modules: MODULES, data }).text
}
