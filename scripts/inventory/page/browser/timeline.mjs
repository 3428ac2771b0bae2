import { el, section, svg, table } from '../../../../lib/page/browser/dom.mjs'
import { pager } from './pager.mjs'

/** @typedef {import('./model.mjs').App} App */
/** @typedef {App['credentials'][number]} Credential */
/** @typedef {{ app: App, credential: Credential, start: number, end: number }} Life times in milliseconds since 1970 */

const DAY = 86_400_000
const SOON = 30 * DAY
/** What the bars show: this much before now and after it; longer lives are cut off there. */
const BEFORE = 365 * DAY
const AFTER = 730 * DAY
const MONTHS = 24

/** When credentials live and expire. @param {import('../page-data.ts').PageData} data */
export function timeline(data) {
  const now = Date.parse(data.at)
  const { body, element } = section('credentials', 'Credentials over time')
  const chart = el('div')
  /** @param {readonly Life[]} lives */
  const draw = (lives) =>
    table(
      'Table of credentials',
      HEAD.map((title) => el('th', { scope: 'col' }, title)),
      lives.map(row),
    )
  const pages = pager('credentials', draw, 25)
  const note = `Bars reach from a year before ${data.at.slice(0, 10)} (the line) to two years after; a dot is the last use.`
  body.append(chart, el('p', {}, note), pages.element)

  /** @param {Life} life */
  function row({ app, credential, start, end }) {
    const { type, displayName, keyId, startsAt, endsAt, lastUsedAt } = credential
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, app.name || '(no name)'),
      el('td', { class: 'wrap' }, `${type} ${displayName ?? keyId}`),
      el('td', {}, startsAt?.slice(0, 10) ?? ''),
      el('td', {}, endsAt?.slice(0, 10) ?? 'never', toneOf(end, now) === 'bad' ? ', expired' : ''),
      el('td', {}, lastUsedAt?.slice(0, 10) ?? 'not known'),
      el('td', { class: 'bar' }, bar(start, end, lastUsedAt)),
    )
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {string | undefined} used
   */
  function bar(start, end, used) {
    /** @param {number} time */
    const x = (time) => Math.min(1000, Math.max(0, ((time - now + BEFORE) / (BEFORE + AFTER)) * 1000))
    const width = Math.max(4, x(end) - x(start))
    const rect = { x: String(x(start)), width: String(width), y: '4', height: '8', class: toneOf(end, now) }
    const dots = used ? [svg('circle', { cx: String(x(Date.parse(used))), cy: '8', r: '5' })] : []
    const line = svg('line', { x1: String(x(now)), x2: String(x(now)), y1: '0', y2: '16' })
    const view = { viewBox: '0 0 1000 16', preserveAspectRatio: 'none', 'aria-hidden': 'true' }
    return svg('svg', view, svg('rect', rect), line, ...dots)
  }

  return {
    element,
    /** @param {readonly App[]} apps */
    show(apps) {
      const lives = apps
        .flatMap((app) => app.credentials.map((credential) => lifeOf(app, credential)))
        .sort((a, b) => a.end - b.end)
      chart.replaceChildren(months(lives, now))
      // The next to expire first, what expired already last.
      pages.show([...lives.filter(({ end }) => end > now), ...lives.filter(({ end }) => end <= now)])
    },
  }
}

const HEAD = ['Application', 'Credential', 'Starts', 'Expires', 'Last used', 'Life']

/**
 * @param {App} app
 * @param {Credential} credential
 * @returns {Life}
 */
function lifeOf(app, credential) {
  const start = Date.parse(credential.startsAt ?? '')
  const end = Date.parse(credential.endsAt ?? '')
  return { app, credential, start: start || 0, end: end || Number.MAX_SAFE_INTEGER }
}

/**
 * @param {number} end
 * @param {number} now
 */
function toneOf(end, now) {
  if (end <= now) return 'bad'
  return end - now <= SOON ? 'warn' : 'good'
}

/**
 * How many credentials expire in each of the next months; those that have expired stand before, later ones after.
 *
 * @param {readonly Life[]} lives
 * @param {number} now
 */
function months(lives, now) {
  const from = new Date(now)
  const counts = Array.from({ length: MONTHS + 2 }, () => 0)
  for (const { end } of lives) {
    const at = new Date(Math.min(end, 8e15))
    const month = (at.getUTCFullYear() - from.getUTCFullYear()) * 12 + at.getUTCMonth() - from.getUTCMonth()
    const index = end <= now ? 0 : Math.min(month, MONTHS) + 1
    counts[index] = (counts[index] ?? 0) + 1
  }
  const most = Math.max(1, ...counts)
  const width = 1000 / counts.length
  const names = counts.map((_, i) => {
    if (i === 0) return 'expired'
    if (i === MONTHS + 1) return 'later'
    return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + i - 1, 1)).toISOString().slice(0, 7)
  })
  const bars = counts.flatMap((count, i) => {
    const height = (count / most) * 120
    const middle = String(i * width + width / 2)
    const tone = i === 0 ? 'bad' : i === 1 ? 'warn' : 'good'
    const [x, y] = [String(i * width + 3), String(140 - height)]
    return [
      svg('rect', { x, y, width: String(width - 6), height: String(height), class: tone }),
      ...(count > 0
        ? [svg('text', { x: middle, y: String(135 - height), 'text-anchor': 'middle' }, String(count))]
        : []),
      ...(i % 3 === 0 || i > MONTHS
        ? [svg('text', { x: middle, y: '156', 'text-anchor': 'middle' }, names[i] ?? '')]
        : []),
    ]
  })
  const said = counts.flatMap((count, i) => (count > 0 ? [`${names[i]}: ${count}`] : [])).join(', ')
  const label = `Credentials that expire, by month. ${said || 'None.'}`
  return svg('svg', { class: 'months', viewBox: '0 0 1000 160', role: 'img', 'aria-label': label }, ...bars)
}
