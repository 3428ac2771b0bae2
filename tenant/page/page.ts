import { type PageDocument, renderDocument, TABLES } from '../../lib/page/document.ts'
import { html, type Markup } from '../../lib/page/html.ts'
import type { Overview } from './overview.ts'
import { badge, expiry, fact, readable, requestTable, table } from './parts.ts'

/** The tenant at a glance, as a whole page. Whatever names objects carry is escaped; all of it is there without scripts. */
export function renderPage(overview: Overview): PageDocument {
  const { tenant } = overview
  const body = html`<header>
    <h1>${tenant.name} <small>local tenant</small></h1>
    <dl>
      ${fact('Tenant', tenant.id)}${fact('Domain', tenant.domain)}${fact('Address', tenant.url)}
      ${fact('Clock', readable(overview.now))}
      ${fact('Replication lag', overview.lag === 0 ? 'none' : `up to ${overview.lag / 1000} s`)}
      ${fact('Faults', overview.faults.length === 0 ? 'none' : overview.faults.join(', '))}
    </dl>
    <nav aria-label="Sections"><a href="#applications">Applications</a> <a href="#credentials">Credentials</a>
      <a href="#grants">Grants</a> <a href="#sign-ins">Sign-ins</a> <a href="#requests">Requests</a></nav>
  </header>
  <main>
    ${applications(overview)}
    ${credentials(overview)}
    ${grants(overview)}
    ${signIns(overview)}
    ${requestTable(overview.requests)}
  </main>
  <footer>Read-only. Load the page again to see what has changed since.</footer>`
  return renderDocument({ title: `${tenant.name} (local tenant)`, body, modules: TABLES })
}

function applications({ applications }: Overview): Markup {
  const lines = applications.shown.map(
    (
      each,
    ) => html`<tr><th scope="row"><a href="/applications/${each.appId}">${each.name}</a></th><td><code>${each.appId}</code></td>
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
