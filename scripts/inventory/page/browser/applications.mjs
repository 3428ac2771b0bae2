import { el, section, table } from '../../../../lib/page/browser/dom.mjs'
import { sorted } from './model.mjs'
import { pager } from './pager.mjs'

/** @typedef {import('./model.mjs').App} App */
/** @typedef {import('../page-data.ts').PageData} PageData */

const KINDS = {
  application: 'registered here',
  elsewhere: 'of elsewhere',
  microsoft: "Microsoft's own",
  managedIdentity: 'managed identity',
}

const COLUMNS = [
  ['name', 'Application'],
  ['kind', 'Kind'],
  ['managedBy', 'Managed by'],
  ['owners', 'Owners'],
  ['expires', 'Credentials'],
  ['granted', 'Consented'],
  ['signIn', 'Last sign-in'],
  ['findings', 'Findings'],
]

/** The table of applications; a name opens the details. @param {PageData} data */
export function applications(data) {
  const { body, element } = section('applications', 'Applications')
  const sort = { by: 'findings', descending: true }
  /** @type {readonly App[]} */
  let apps = []
  /** @type {Set<string>} */
  const open = new Set()
  const pages = pager('applications', (/** @type {readonly App[]} */ rows) =>
    table('Table of applications', COLUMNS.map(head), rows.flatMap(row)),
  )
  body.append(pages.element)

  /** @param {string[]} column */
  function head([key = '', title = '']) {
    const isKey = sort.by === key
    const order = sort.descending ? 'descending' : 'ascending'
    const click = () => {
      sort.descending = isKey ? !sort.descending : ['findings', 'granted', 'signIn'].includes(key)
      sort.by = key
      pages.show(sorted(apps, sort.by, sort.descending))
      focusOn(`thead button[data-key="${key}"]`)
    }
    const arrow = isKey ? (sort.descending ? ' ↓' : ' ↑') : ''
    const button = el('button', { type: 'button', 'data-key': key, click }, title + arrow)
    return el('th', { scope: 'col', ...(isKey && { 'aria-sort': order }) }, button)
  }

  /** Focus stays where it was, on what was drawn anew. @param {string} selector */
  function focusOn(selector) {
    const found = element.querySelector(selector)
    if (found instanceof HTMLElement) found.focus()
  }

  /** @param {App} app */
  function row(app) {
    const isOpen = open.has(app.appId)
    const click = () => {
      if (!open.delete(app.appId)) open.add(app.appId)
      pages.again()
      focusOn(`button[data-app="${CSS.escape(app.appId)}"]`)
    }
    const name = el(
      'button',
      { type: 'button', class: 'name', 'data-app': app.appId, 'aria-expanded': String(isOpen), click },
      app.name || '(no name)',
    )
    const count = app.credentials.length
    const granted = app.permissions.filter(([, flags]) => flags >= 2).length
    const cells = [
      el('th', { scope: 'row' }, name, el('code', {}, app.appId)),
      el('td', {}, KINDS[app.kind], app.enabled === false ? ', disabled' : ''),
      el('td', {}, app.managedBy ?? data.unmanaged),
      el(
        'td',
        { class: 'wrap' },
        app.owners.slice(0, 2).join(', '),
        app.owners.length > 2 ? ` and ${app.owners.length - 2} more` : '',
      ),
      el(
        'td',
        {},
        count === 0 ? 'none' : `${count}, ${app.expires ? `next expires ${app.expires}` : 'none is live'}`,
      ),
      el('td', { class: 'number' }, String(granted)),
      el('td', {}, app.signIn ?? 'not known'),
      el('td', {}, ...badges(app)),
    ]
    const line = el('tr', {}, ...cells)
    return isOpen
      ? [
          line,
          el(
            'tr',
            { class: 'details' },
            el('td', { colspan: String(COLUMNS.length) }, ...details(app, data)),
          ),
        ]
      : [line]
  }

  return {
    element,
    /** @param {readonly App[]} next */
    show(next) {
      apps = next
      pages.show(sorted(apps, sort.by, sort.descending))
    },
  }
}

/** @param {App} app */
function badges({ counts }) {
  const words = ['high', 'medium', 'low']
  const tones = ['bad', 'warn', '']
  return counts.flatMap((count, i) =>
    count > 0 ? [el('span', { class: `badge ${tones[i]}` }, `${count} ${words[i]}`), ' '] : [],
  )
}

/**
 * @param {App} app
 * @param {PageData} data
 */
function details(app, data) {
  const findings = app.findings.map(([rule, message, suppressed]) => {
    const { id = '', severity = '', fix = '' } = data.rules[rule] ?? {}
    return `${severity} ${id}: ${message}. To fix it: ${fix}.${suppressed === undefined ? '' : ` Suppressed: ${suppressed}`}`
  })
  const permissions = app.permissions.map(([index, flags]) => {
    const { api = '', kind = '', name = '', reach } = data.permissions[index] ?? {}
    const state = ['', 'requested, not consented to', 'consented to, not requested', 'consented to'][flags]
    return `${api}: ${name} (${kind}, ${state})${reach ? `: the application can ${reach}` : ''}`
  })
  const credentials = app.credentials.map(
    ({ type, displayName, keyId, on, endsAt, lastUsedAt }) =>
      `${type} ${displayName ?? keyId} on the ${on === 'application' ? 'registration' : 'service principal'}, expires ${endsAt?.slice(0, 10) ?? 'never'}${lastUsedAt ? `, last used ${lastUsedAt.slice(0, 10)}` : ''}`,
  )
  return [
    ...list('Findings', findings),
    ...list('Permissions', permissions),
    ...list('Credentials', credentials),
    ...list('Directory roles', app.roles),
    ...list('Owners', app.owners),
    ...list('Redirect URIs', app.uris),
  ]
}

/**
 * @param {string} title
 * @param {readonly string[]} lines
 */
function list(title, lines) {
  if (lines.length === 0) return []
  return [el('h3', {}, title), el('ul', {}, ...lines.map((line) => el('li', {}, line)))]
}
