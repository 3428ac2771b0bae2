import { renderDocument, TABLES } from '../../lib/page/document.ts'
import { html, Markup } from '../../lib/page/html.ts'
import type { CredentialReport } from './credentials.ts'
import { summaryOf, tablesOf } from './describe.ts'
import { renderTimeline } from './timeline.ts'

/** A table of figures to put on the page as well. */
export interface Figures {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * The report as one HTML page that needs nothing else. Readable in dark and light, on paper, and without its script, which
 * sorts and searches the tables.
 */
export function renderReportHtml(report: CredentialReport, figures: readonly Figures[] = []): string {
  const title = `Credentials${report.stack ? ` of stack ${report.stack}` : ''}`
  const tables = tablesOf(report).map(({ title, head, rows }) => ({
    title,
    head,
    rows: rows.map(({ cells }) => cells),
  }))
  const body = html`<header><h1>${title}</h1>
<p class="${report.failing > 0 ? 'bad' : 'good'}">${summaryOf(report)} As of ${report.at.slice(0, 16).replace('T', ' ')} UTC.</p></header>
<main>
<section><h2>Generations over time</h2>
${new Markup(renderTimeline(report))}
${LEGEND}</section>
${[...tables, ...figures].map(renderFigures)}
</main>`
  return renderDocument({ title, body, style: STYLE, modules: TABLES }).text
}

function renderFigures({ title, head, rows }: Figures): Markup {
  const cells = (row: readonly string[]) =>
    row.map((text) => html`<td${text.length <= SHORT ? '' : WRAP}>${text}</td>`)
  return html`<section><h2>${title}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody></table></div></section>`
}

const WRAP = new Markup(' class="wrap"')

/** A cell of at most so many characters stays on one line: a date that breaks at its hyphens is hard to read. */
const SHORT = 12

const LEGEND = html`<p class="legend">${[
  ['issued', 'issued, being proved'],
  ['current', 'current: what consumers are given'],
  ['previous', 'previous: still valid for who has not re-read'],
  ['ahead', 'valid from here on'],
].map(
  ([kind = '', text = '']) =>
    html`<span><svg width="22" height="12" aria-hidden="true"><rect class="${kind}" width="22" height="12" rx="2"/></svg> ${text}</span> `,
)}</p>`

const STYLE = `
  :root { --current: light-dark(#1f6f50, #4fbf8f); --previous: light-dark(#c77d0a, #e3a74a);
    --issued: light-dark(#3a6ea5, #7fb2e5); --ahead: light-dark(#b9c3cd, #4b5560); }
  td.wrap { min-width: 8rem; }
  .timeline { width: 100%; height: auto; display: block; }
  svg text { fill: currentColor; font: 11px system-ui, sans-serif; }
  svg text.month { fill: var(--quiet); font-size: 10px; } svg text.title { font-weight: 600; } svg text.label { font-size: 10px; }
  svg text.now { fill: var(--bad); font-weight: 600; }
  line.month { stroke: var(--line); } line.now { stroke: var(--bad); stroke-dasharray: 3 3; }
  rect.current { fill: var(--current); } rect.previous { fill: var(--previous); } rect.issued { fill: var(--issued); } rect.ahead { fill: var(--ahead); }
  .legend span { margin-inline-end: 1.2rem; white-space: nowrap; } .legend svg { vertical-align: -1px; }
  @media (max-width: 45rem) { .legend span { display: block; } }
`
