import { choice, el } from '../../../../lib/page/browser/dom.mjs'
import { applications } from './applications.mjs'
import { map } from './map.mjs'
import { filtered, NO_FILTERS, toApps } from './model.mjs'
import { timeline } from './timeline.mjs'

/** @type {import('../page-data.ts').PageData} */
const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}')
const apps = toApps(data)
const state = { filters: { ...NO_FILTERS }, change }
const views = [applications(data), map(data, state), timeline(data)]
const said = el('p', { role: 'status' })

const search = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' })
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer
search.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(() => change({ text: search.value }), 120)
})
const selects = {
  kind: choice(
    'Kind',
    [
      ['ours', "all but Microsoft's"],
      ['', 'all'],
      ['application', 'registered here'],
      ['elsewhere', 'of elsewhere'],
      ['managedIdentity', 'managed identities'],
      ['microsoft', "Microsoft's own"],
    ],
    (kind) => change({ kind }),
  ),
  severity: choice(
    'Findings',
    [
      ['', 'all'],
      ['high', 'high'],
      ['medium', 'medium'],
      ['low', 'low'],
      ['none', 'no findings'],
    ],
    (severity) => change({ severity }),
  ),
  rule: choice('Rule', [['', 'all'], ...rules()], (rule) => change({ rule })),
  managed: choice(
    'Managed by a stack',
    [
      ['', 'all'],
      ['yes', 'yes'],
      ['no', data.unmanaged === 'unknown' ? 'unknown' : 'no'],
    ],
    (managed) => change({ managed }),
  ),
  api: choice('API', [['', 'all'], ...apis()], (api) => change({ api, permission: '' })),
}
const reset = el('button', { type: 'button', click: () => change({ ...NO_FILTERS }) }, 'Reset')
const labels = Object.values(selects).map(({ element }) => element)
const form = el(
  'div',
  { class: 'filters', role: 'search' },
  el('label', { class: 'search' }, 'Search names, ids, owners, permissions, addresses', search),
  ...labels,
  reset,
)
document.querySelector('main')?.append(form, said, ...views.map(({ element }) => element))
change({})

/** @param {Partial<import('./model.mjs').Filters>} by */
function change(by) {
  Object.assign(state.filters, by)
  if (search.value !== state.filters.text) search.value = state.filters.text
  for (const [name, { select }] of Object.entries(selects)) {
    select.value = state.filters[/** @type {keyof typeof selects} */ (name)]
  }
  const found = filtered(apps, data, state.filters)
  const { name = '' } = data.permissions[Number(state.filters.permission || -1)] ?? {}
  said.textContent = `${found.length} of ${apps.length} applications${name && ` that have ${name}`}`
  for (const view of views) view.show(found)
}

/** @returns {[string, string][]} */
function rules() {
  return [...data.rules].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, name }) => [id, `${id} ${name}`])
}

/** @returns {[string, string][]} */
function apis() {
  return [...new Set(data.permissions.map(({ api }) => api))].sort().map((api) => [api, api])
}
