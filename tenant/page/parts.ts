import { html, type Markup } from '../../lib/page/html.ts'
import type { CredentialRow, RequestRow, Rows } from './overview.ts'

/** A credential that ends within so many days asks for attention. */
const SOON_DAYS = 30

type Tone = 'good' | 'warn' | 'bad'

/** Requests, newest first. */
export function requestTable(requests: readonly RequestRow[]): Markup {
  const lines = requests.map((each) => {
    const remarks = [each.allowedBy, each.gap, ...(each.faults ?? []).map((name) => `fault: ${name}`)]
    return html`<tr><td>${readable(each.at)}</td><td>${each.method}</td><td class="wrap"><code>${each.path}</code></td>
      <td>${badge(toneOf(each.status), each.status === 0 ? 'cut off' : String(each.status))}</td>
      <td>${each.caller ?? ''}</td><td class="wrap">${remarks.filter((remark) => remark !== undefined).join(' · ')}</td>
      <td class="number">${String(each.milliseconds)} ms</td></tr>`
  })
  return table('requests', 'Recent requests', { shown: requests, total: requests.length }, lines, [
    'Time',
    'Method',
    'Path',
    'Status',
    'Caller',
    'Allowed by, remarks',
    'Took',
  ])
}

/** A section with a table of its rows, and how many more there are. */
export function table(
  id: string,
  title: string,
  { shown, total }: Rows<unknown>,
  lines: readonly Markup[],
  columns: readonly string[],
): Markup {
  const rest = total - shown.length
  const body =
    lines.length === 0
      ? html`<p>None.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}-title"><table>
      <thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${lines}</tbody></table></div>`
  return html`<section id="${id}"><h2 id="${id}-title">${title} <small>${String(total)}</small></h2>${body}
    ${rest > 0 ? html`<p>And ${String(rest)} more.</p>` : ''}</section>`
}

/** How long a credential is still valid. */
export function expiry({ daysLeft }: CredentialRow): Markup {
  if (daysLeft === undefined) return badge('good', 'does not expire')
  if (daysLeft < 0) return badge('bad', 'expired')
  return badge(daysLeft < SOON_DAYS ? 'warn' : 'good', daysLeft === 1 ? '1 day' : `${daysLeft} days`)
}

function toneOf(status: number): Tone {
  if (status === 0 || status >= 500) return 'bad'
  return status >= 400 ? 'warn' : 'good'
}

export function badge(tone: Tone, words: string): Markup {
  return html`<span class="badge ${tone}">${words}</span>`
}

/** A name with its value, for a list of facts. */
export function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** `2026-01-31T12:00:00Z` as people read it. */
export function readable(moment: string): string {
  return moment.replace('T', ' ').replace(/\.\d+/, '').replace(/Z$/, ' UTC')
}
