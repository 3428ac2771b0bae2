import { html, Markup } from '../../lib/page/html.ts'
import { PAGE_STYLE } from '../../lib/page/style.ts'
import type { CredentialRow, Overview, Rows } from './overview.ts'

/** A credential that ends within so many days asks for attention. */
const SOON_DAYS = 30

/** The tenant at a glance, as a whole page. Whatever names objects carry is escaped; nothing in it runs. */
export function renderPage(overview: Overview): string {
  const { tenant } = overview
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${tenant.name} (local tenant)</title>
  <style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
  <header>
    <h1>${tenant.name} <small>local tenant</small></h1>
    <dl>
      ${fact('Tenant', tenant.id)}${fact('Domain', tenant.domain)}${fact('Address', tenant.url)}
      ${fact('Clock', readable(overview.now))}
      ${fact('Replication lag', overview.lag === 0 ? 'none' : `up to ${overview.lag / 1000} s`)}
      ${fact('Faults', overview.faults.length === 0 ? 'none' : overview.faults.join(', '))}
    </dl>
    <nav><a href="#applications">Applications</a> <a href="#credentials">Credentials</a>
      <a href="#grants">Grants</a> <a href="#sign-ins">Sign-ins</a> <a href="#requests">Requests</a></nav>
  </header>
  <main>
    ${applications(overview)}
    ${credentials(overview)}
    ${grants(overview)}
    ${signIns(overview)}
    ${requests(overview)}
  </main>
  <footer>Read-only. Load the page again to see what has changed since.</footer>
</body>
</html>
`.text
}

function applications({ applications }: Overview): Markup {
  const lines = applications.shown.map(
    (each) => html`<tr><th scope="row">${each.name}</th><td><code>${each.appId}</code></td>
      <td>${badge(each.signIn === 'enabled' ? 'good' : 'warn', each.signIn === 'none' ? 'no service principal' : each.signIn)}</td>
      <td class="wrap">${each.redirectUris.join(' ')}</td><td>${readable(each.created)}</td></tr>`,
  )
  return table('applications', 'Applications', applications, lines, [
    'Name',
    'App id',
    'Sign-in',
    'Redirect URIs',
    'Created',
  ])
}

function credentials({ credentials }: Overview): Markup {
  const lines = credentials.shown.map(
    (each) => html`<tr><th scope="row">${each.application}</th><td>${each.kind}</td><td>${each.name}</td>
      <td class="wrap"><code>${each.identifier}</code></td><td>${each.expires === undefined ? '' : readable(each.expires)}</td>
      <td>${expiry(each)}</td></tr>`,
  )
  return table('credentials', 'Credentials', credentials, lines, [
    'Application',
    'Kind',
    'Name',
    'Identifier',
    'Expires',
    'Left',
  ])
}

function grants({ grants }: Overview): Markup {
  const lines = grants.shown.map(
    (each) => html`<tr><th scope="row">${each.client}</th><td>${each.resource}</td><td>${each.permission}</td>
      <td>${each.kind}</td></tr>`,
  )
  return table('grants', 'Grants', grants, lines, ['Client', 'Resource', 'Permission', 'Kind'])
}

function signIns({ credentials }: Overview): Markup {
  const used = credentials.shown
    .filter(({ lastUsed }) => lastUsed !== undefined)
    .toSorted((a, b) => (b.lastUsed ?? '').localeCompare(a.lastUsed ?? ''))
  const lines = used.map(
    (each) => html`<tr><th scope="row">${each.application}</th><td>${each.kind}</td><td>${each.name}</td>
      <td class="wrap"><code>${each.identifier}</code></td><td>${readable(each.lastUsed ?? '')}</td></tr>`,
  )
  return table('sign-ins', 'Sign-ins', { shown: used, total: used.length }, lines, [
    'Application',
    'Kind',
    'Name',
    'Identifier',
    'Last used',
  ])
}

function requests({ requests }: Overview): Markup {
  const lines = requests.map((each) => {
    const remarks = [each.allowedBy, each.gap, ...(each.faults ?? []).map((name) => `fault: ${name}`)]
    return html`<tr><td>${readable(each.at)}</td><td>${each.method}</td><td class="wrap"><code>${each.path}</code></td>
      <td>${badge(statusTone(each.status), each.status === 0 ? 'cut off' : String(each.status))}</td>
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

function table(
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

function expiry({ daysLeft }: CredentialRow): Markup {
  if (daysLeft === undefined) return badge('good', 'does not expire')
  if (daysLeft < 0) return badge('bad', 'expired')
  return badge(daysLeft < SOON_DAYS ? 'warn' : 'good', daysLeft === 1 ? '1 day' : `${daysLeft} days`)
}

function statusTone(status: number): 'good' | 'warn' | 'bad' {
  if (status === 0 || status >= 500) return 'bad'
  return status >= 400 ? 'warn' : 'good'
}

function badge(tone: 'good' | 'warn' | 'bad', words: string): Markup {
  return html`<span class="badge ${tone}">${words}</span>`
}

function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** `2026-01-31T12:00:00Z` as people read it. */
function readable(moment: string): string {
  return moment.replace('T', ' ').replace(/\.\d+/, '').replace(/Z$/, ' UTC')
}
