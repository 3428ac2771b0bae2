import { type PageDocument, renderDocument, TABLES } from '../../lib/page/document.ts'
import { html, type Markup } from '../../lib/page/html.ts'
import type { ApplicationView, PermissionRow } from './application.ts'
import type { CredentialRow } from './overview.ts'
import { badge, expiry, fact, readable, requestTable, table } from './parts.ts'

const STYLE = `
  .life { display: block; width: 16rem; height: .8rem; } .life rect { fill: var(--line); } .life .passed { fill: var(--quiet); }
`

/** An application at a glance: what it may do, what it signs in with, what it does. */
export function renderApplication(view: ApplicationView): PageDocument {
  const body = html`<header>
    <h1>${view.name} <small>application</small></h1>
    <dl>
      ${fact('App id', view.appId)}${fact('Object id', view.objectId)}
      ${fact('Service principal', view.servicePrincipalId ?? 'none')}${fact('Sign-in', view.signIn)}
      ${fact('Audience', view.audience)}${fact('Created', readable(view.created))}
      ${fact('Redirect URIs', view.redirectUris.join(' ') || 'none')}
    </dl>
    <nav aria-label="Sections"><a href="/">Tenant</a> <a href="#permissions">Permissions</a> <a href="#credentials">Credentials</a>
      <a href="#requests">Requests</a></nav>
  </header>
  <main>${permissions(view)}${credentials(view)}${requestTable(view.requests)}</main>
  <footer>Read-only. Load the page again to see what has changed since.</footer>`
  return renderDocument({ title: `${view.name} (local tenant)`, body, style: STYLE, modules: TABLES })
}

function permissions({ permissions }: ApplicationView): Markup {
  const lines = permissions.map(
    (each) => html`<tr><th scope="row">${each.permission}</th><td>${each.api}</td><td>${each.kind}</td>
      <td>${each.isRequested ? 'yes' : badge('warn', 'no')}</td><td>${consent(each)}</td></tr>`,
  )
  const columns = ['Permission', 'API', 'Kind', 'Requested', 'Consent']
  return table('permissions', 'Permissions', { shown: permissions, total: lines.length }, lines, columns)
}

function consent({ consent }: PermissionRow): Markup {
  return badge(consent === 'none' ? 'warn' : 'good', consent)
}

function credentials({ credentials, now }: ApplicationView): Markup {
  const lines = credentials.map(
    (each) => html`<tr><th scope="row">${each.name}</th><td>${each.kind}</td>
      <td class="wrap"><code>${each.identifier}</code></td><td>${life(each, now)}</td><td>${expiry(each)}</td>
      <td>${each.lastUsed === undefined ? 'never' : readable(each.lastUsed)}</td></tr>`,
  )
  const columns = ['Name', 'Kind', 'Identifier', 'Valid', 'Left', 'Last used']
  return table('credentials', 'Credentials', { shown: credentials, total: lines.length }, lines, columns)
}

/** From when until when it is valid, and how much of that has passed. */
function life({ issued, expires }: CredentialRow, now: string): Markup {
  if (issued === undefined || expires === undefined) return html`always`
  const [from, to] = [Date.parse(issued), Date.parse(expires)]
  const passed = Math.min(1, Math.max(0, (Date.parse(now) - from) / (to - from || 1)))
  return html`${issued.slice(0, 10)} to ${expires.slice(0, 10)}<svg class="life" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect
    width="100" height="8" rx="2"/><rect class="passed" width="${(passed * 100).toFixed(1)}" height="8" rx="2"/></svg>`
}
