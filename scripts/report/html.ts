import { escapeHtml } from '../../lib/escape.ts'
import type { CredentialReport } from './credentials.ts'
import { COLUMNS, rowsOf, summaryOf } from './describe.ts'
import { renderTimeline } from './timeline.ts'

/** A table of figures to put on the page as well. */
export interface Figures {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * The report as one HTML page that needs nothing else: no script, no font, no request. Readable in dark and light,
 * and on paper.
 */
export function renderReportHtml(report: CredentialReport, figures: readonly Figures[] = []): string {
  const title = `Credentials${report.stack ? ` of stack ${report.stack}` : ''}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="${report.failing > 0 ? 'bad' : 'good'}">${escapeHtml(summaryOf(report))} As of ${report.at.slice(0, 16).replace('T', ' ')} UTC.</p>
<h2>Generations over time</h2>
${renderTimeline(report)}
${LEGEND}
<h2>Live credentials</h2>
${renderTable(
  COLUMNS,
  rowsOf(report).map(({ words }) => COLUMNS.map((column) => words[column])),
)}
${figures.map(({ title: heading, head, rows }) => `<h2>${escapeHtml(heading)}</h2>\n${renderTable(head, rows)}`).join('\n')}
</body>
</html>
`
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: string, text: string) =>
    `<${tag}${text.length <= SHORT ? ' class="short"' : ''}>${escapeHtml(text)}</${tag}>`
  const row = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => cell(tag, text)).join('')}</tr>`
  return `<div class="scroll"><table><thead>${row('th', head)}</thead><tbody>${rows.map((each) => row('td', each)).join('\n')}</tbody></table></div>`
}

/** A cell of at most so many characters stays on one line: a date that breaks at its hyphens is hard to read. */
const SHORT = 12

const LEGEND = `<p class="legend">${[
  ['issued', 'issued, being proved'],
  ['current', 'current: what consumers are given'],
  ['previous', 'previous: still valid for who has not re-read'],
  ['ahead', 'valid from here on'],
]
  .map(
    ([kind, text]) =>
      `<span><svg width="22" height="12" aria-hidden="true"><rect class="${kind}" width="22" height="12" rx="2"/></svg> ${text}</span>`,
  )
  .join(' ')}</p>`

const STYLE = `
:root { --paper: #ffffff; --ink: #1c2024; --faint: #5b6570; --line: #d5dae0; --current: #1f6f50; --previous: #c77d0a; --issued: #3a6ea5; --ahead: #b9c3cd; --bad: #b3261e; --good: #1f6f50; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15181b; --ink: #e6e9ec; --faint: #a2adb8; --line: #333a42; --current: #4fbf8f; --previous: #e3a74a; --issued: #7fb2e5; --ahead: #4b5560; --bad: #ff8a80; --good: #6fd3a7; }
}
body { margin: 2rem auto; max-width: 1100px; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.bad { color: var(--bad); } .good { color: var(--good); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--faint); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 5rem; } td.short { white-space: nowrap; }
.timeline { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font: 11px system-ui, sans-serif; }
svg text.month { fill: var(--faint); font-size: 10px; } svg text.title { font-weight: 600; } svg text.label { font-size: 10px; }
svg text.now { fill: var(--bad); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
line.month { stroke: var(--line); } line.now { stroke: var(--bad); stroke-dasharray: 3 3; }
rect.current { fill: var(--current); } rect.previous { fill: var(--previous); } rect.issued { fill: var(--issued); } rect.ahead { fill: var(--ahead); }
.legend { color: var(--faint); font-size: .85rem; } .legend span { margin-right: 1.2rem; white-space: nowrap; } .legend svg { vertical-align: -1px; }
@media print {
  :root { --paper: #fff; --ink: #000; --faint: #444; --line: #bbb; --current: #1f6f50; --previous: #c77d0a; --issued: #3a6ea5; --ahead: #ccc; }
  body { margin: 0; max-width: none; font-size: 11px; } .scroll { overflow: visible; } h2, table, svg { break-inside: avoid; }
  rect, line { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
