import { el, section, svg } from '../../../../lib/page/browser/dom.mjs'

/** @typedef {import('./model.mjs').App} App */
/** @typedef {import('../page-data.ts').PageData} PageData */
/** @typedef {{ key: string, text: string, count: number, far?: boolean, title?: string, pressed: boolean, click: () => void }} Spot */

/** Most spots of a column; filters bring the others up. */
const MOST = 20
/** Height of a spot in pixels, as the style has it. */
const HEIGHT = 32
/** Of the heading above them. */
const TOP = 24

/**
 * Which applications reach which permissions of which APIs. Each spot is a filter for the whole page.
 *
 * @param {PageData} data
 * @param {{ filters: import('./model.mjs').Filters, change: (change: Partial<import('./model.mjs').Filters>) => void }} state
 */
export function map(data, state) {
  const { body, element } = section('map', 'Applications, APIs and permissions')
  /** @param {readonly App[]} apps */
  function show(apps) {
    const focused = document.activeElement?.getAttribute('data-spot')
    const counted = count(apps, data, state.filters)
    const columns = [
      spots([...counted.apps], (app) => ({
        text: app.name,
        title: app.appId,
        pressed: state.filters.text === app.appId,
        change: { text: toggled(state.filters.text, app.appId) },
      })),
      spots([...counted.apis], (api) => ({
        text: api,
        pressed: state.filters.api === api,
        change: { api: toggled(state.filters.api, api), permission: '' },
      })),
      spots([...counted.permissions], (index) => {
        const { name = '', kind = '', reach, api = '' } = data.permissions[index] ?? {}
        const key = String(index)
        const far = reach !== undefined
        return {
          text: `${name} (${kind})`,
          title: far ? `${api}: the application can ${reach}` : api,
          far,
          pressed: state.filters.permission === key,
          change: { permission: toggled(state.filters.permission, key) },
        }
      }),
    ]
    const titles = ['Applications', 'APIs', 'Permissions']
    const totals = [counted.apps.size, counted.apis.size, counted.permissions.size]
    const gaps = [
      curves(columns[0] ?? [], columns[1] ?? [], counted.toApi),
      curves(columns[1] ?? [], columns[2] ?? [], counted.toPermission),
    ]
    const lists = columns.map((column, i) => el('ol', { 'aria-label': titles[i] ?? '' }, ...column.map(draw)))
    const heads = titles.map((title, i) =>
      el('h3', {}, `${title}: ${MOST < (totals[i] ?? 0) ? `${MOST} of ` : ''}${totals[i]}`),
    )
    const parts = [0, 1, 2].map((i) => el('div', {}, heads[i] ?? '', lists[i] ?? ''))
    body.replaceChildren(
      el('p', {}, 'Choose an API or a permission to show who has it; choose it again to show all.'),
      el(
        'div',
        { class: 'map' },
        parts[0] ?? '',
        gaps[0] ?? '',
        parts[1] ?? '',
        gaps[1] ?? '',
        parts[2] ?? '',
      ),
    )
    const again = focused && body.querySelector(`[data-spot="${CSS.escape(focused)}"]`)
    if (again instanceof HTMLElement) again.focus()
  }

  /**
   * The spots with most behind them.
   *
   * @template K
   * @param {[K, number][]} counts
   * @param {(key: K) => Omit<Spot, 'key' | 'count' | 'click'> & { change: Partial<import('./model.mjs').Filters> }} describe
   * @returns {Spot[]}
   */
  function spots(counts, describe) {
    return counts
      .map(([key, count]) => ({ key: keyOf(key), count, ...describe(key) }))
      .sort(
        (a, b) =>
          Number(b.pressed) - Number(a.pressed) ||
          Number(b.far ?? false) - Number(a.far ?? false) ||
          b.count - a.count,
      )
      .slice(0, MOST)
      .map(({ change, ...spot }) => ({ ...spot, click: () => state.change(change) }))
  }
  return { element, show }
}

/** @param {Spot} spot */
function draw({ key, text, count, far, title, pressed, click }) {
  const attributes = {
    type: 'button',
    'data-spot': key,
    'aria-pressed': String(pressed),
    click,
    ...(title && { title }),
  }
  const name = el('span', far ? { class: 'far' } : {}, text || '(no name)')
  return el('li', {}, el('button', attributes, name, String(count)))
}

/** @param {unknown} key */
function keyOf(key) {
  return typeof key === 'object' && key !== null && 'appId' in key
    ? String(key.appId)
    : `${typeof key} ${key}`
}

/**
 * @param {string} now
 * @param {string} value
 */
function toggled(now, value) {
  return now === value ? '' : value
}

/**
 * How many permissions each application has, and how many applications each API and permission, with what leads where.
 *
 * @param {readonly App[]} apps
 * @param {PageData} data
 * @param {import('./model.mjs').Filters} filters
 */
function count(apps, data, filters) {
  /** @type {Map<App, number>} */
  const byApp = new Map()
  /** @type {Map<string, number>} */
  const apis = new Map()
  /** @type {Map<number, number>} */
  const permissions = new Map()
  const [toApi, toPermission] = [new Set(), new Set()]
  for (const app of apps) {
    const seen = new Set()
    for (const [index] of app.permissions) {
      const api = data.permissions[index]?.api ?? ''
      if (filters.api !== '' && api !== filters.api) continue
      permissions.set(index, (permissions.get(index) ?? 0) + 1)
      byApp.set(app, (byApp.get(app) ?? 0) + 1)
      toPermission.add(`${keyOf(api)}\n${keyOf(index)}`)
      toApi.add(`${keyOf(app)}\n${keyOf(api)}`)
      seen.add(api)
    }
    for (const api of seen) apis.set(api, (apis.get(api) ?? 0) + 1)
  }
  return { apps: byApp, apis, permissions, toApi, toPermission }
}

/**
 * Lines between two columns. They say nothing that the lists and counts do not say, so readers of the screen skip them.
 *
 * @param {readonly Spot[]} left
 * @param {readonly Spot[]} right
 * @param {ReadonlySet<unknown>} links
 */
function curves(left, right, links) {
  const height = Math.max(left.length, right.length, 1) * HEIGHT + TOP
  /** @param {number} i */
  const y = (i) => i * HEIGHT + TOP + HEIGHT / 2 - 2
  const paths = left.flatMap((from, i) =>
    right.flatMap((to, k) =>
      links.has(`${from.key}\n${to.key}`)
        ? [svg('path', { d: `M0 ${y(i)} C40 ${y(i)} 40 ${y(k)} 80 ${y(k)}` })]
        : [],
    ),
  )
  return svg(
    'svg',
    {
      viewBox: `0 0 80 ${height}`,
      height: String(height),
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    ...paths,
  )
}
