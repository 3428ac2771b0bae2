import { DAY } from '../../lib/duration.ts'
import { escapeHtml } from '../../lib/escape.ts'
import type { CredentialReport, ReportedCredential } from './credentials.ts'
import { day } from './describe.ts'

/** Measures of the picture, in units of its view box. */
const WIDTH = 960
const LEFT = 150
const RIGHT = 40
const LANE = 22
const BAR = 12
const HEAD = 22
const FOOT = 20
const GAP = 16

/** A stretch of a generation's life. */
interface Stretch {
  readonly kind: 'issued' | 'current' | 'previous' | 'ahead'
  readonly from: number
  readonly to: number
}

/**
 * The generations of every secret over time as an SVG picture: a lane for each generation, so that overlaps show as
 * bars above one another. Colours come from the classes, so that the page decides about dark and light.
 */
export function renderTimeline(report: CredentialReport): string {
  const now = Date.parse(report.at)
  const groups = [...Map.groupBy(report.credentials, ({ app, secret }) => `${app}/${secret}`)]
  if (groups.length === 0) return ''
  const range = rangeOf(report.credentials, now)
  const x = (time: number) =>
    round(LEFT + ((time - range.from) / (range.to - range.from)) * (WIDTH - LEFT - RIGHT))
  let y = HEAD
  const lanes = groups.map(([title, generations]) => {
    const top = y
    y += GAP + generations.length * LANE + GAP / 2
    return renderGroup(title, generations, top, now, x)
  })
  const height = y + FOOT
  return [
    `<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Generations of each secret over time">`,
    ...months(range).map((month) => renderMonth(month, x, y)),
    ...lanes,
    `<line class="now" x1="${x(now)}" x2="${x(now)}" y1="${HEAD - 4}" y2="${y}"/>`,
    `<text class="now" x="${x(now)}" y="${y + 14}" text-anchor="middle">${day(report.at)}</text>`,
    '</svg>',
  ].join('\n')
}

function renderGroup(
  title: string,
  generations: readonly ReportedCredential[],
  top: number,
  now: number,
  x: (time: number) => number,
): string {
  const lanes = generations.map((each, i) => renderLane(each, top + GAP + i * LANE, now, x))
  return `<g><text class="title" x="4" y="${top + 6}">${escapeHtml(title)}</text>\n${lanes.join('\n')}</g>`
}

function renderLane(each: ReportedCredential, y: number, now: number, x: (time: number) => number): string {
  const bars = stretchesOf(each, now).map(({ kind, from, to }) => {
    const width = Math.max(1.5, round(x(to) - x(from)))
    return `<rect class="${kind}" x="${x(from)}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`
  })
  const label = `g${each.generation} ${each.ended ?? each.phase}`
  return `<g class="generation" data-phase="${each.phase}"><title>${escapeHtml(lifeOf(each))}</title><text class="label" x="${LEFT - 8}" y="${y + BAR - 2}" text-anchor="end">${escapeHtml(label)}</text>${bars.join('')}</g>`
}

/** What a generation was, when; what lies ahead of a live one is drawn to the end of its overlap or validity. */
function stretchesOf(each: ReportedCredential, now: number): Stretch[] {
  const issued = Date.parse(each.issuedAt)
  const current = time(each.currentSince)
  const previous = time(each.previousSince)
  const gone = time(each.retiredAt) ?? now
  const stretches: Stretch[] = [{ kind: 'issued', from: issued, to: current ?? previous ?? gone }]
  if (current !== undefined) stretches.push({ kind: 'current', from: current, to: previous ?? gone })
  if (previous !== undefined) stretches.push({ kind: 'previous', from: previous, to: gone })
  const ahead = Date.parse(each.retireAfter ?? each.endDate)
  if (each.phase !== 'retired' && ahead > now) stretches.push({ kind: 'ahead', from: now, to: ahead })
  return stretches.filter(({ from, to }) => to > from)
}

/** One sentence for who points at a bar, or listens to it. */
function lifeOf(each: ReportedCredential): string {
  const moments = [
    ['issued', each.issuedAt],
    ['current', each.currentSince],
    ['previous', each.previousSince],
    ['retired', each.retiredAt],
    ['ends', each.endDate],
  ] as const
  const said = moments.flatMap(([what, at]) => (at ? [`${what} ${day(at)}`] : []))
  return `${each.app}/${each.secret} g${each.generation}: ${said.join(', ')}`
}

interface Range {
  readonly from: number
  readonly to: number
}

/** From the first issue to a little beyond everything that is drawn, and at least a month. */
function rangeOf(credentials: readonly ReportedCredential[], now: number): Range {
  const from = Math.min(...credentials.map(({ issuedAt }) => Date.parse(issuedAt)))
  const ends = credentials
    .filter(({ phase }) => phase !== 'retired')
    .map((each) => Date.parse(each.retireAfter ?? each.endDate))
  const to = Math.max(now, ...ends)
  const span = Math.max(to - from, 30 * DAY)
  return { from: from - span * 0.01, to: from + span * 1.03 }
}

/** The first of each month within the range; of every third where there are many. */
function months({ from, to }: Range): Date[] {
  const start = new Date(from)
  const all: Date[] = []
  for (let month = start.getUTCMonth() + 1; ; month++) {
    const first = new Date(Date.UTC(start.getUTCFullYear(), month, 1))
    if (first.getTime() > to) break
    all.push(first)
  }
  return all.length > 18 ? all.filter((first) => first.getUTCMonth() % 3 === 0) : all
}

function renderMonth(first: Date, x: (time: number) => number, bottom: number): string {
  const at = x(first.getTime())
  const line = `<line class="month" x1="${at}" x2="${at}" y1="${HEAD - 4}" y2="${bottom}"/>`
  // A name that would not fit is left out, its line stays.
  if (at > WIDTH - 45) return line
  return `${line}<text class="month" x="${at + 3}" y="${HEAD - 8}">${first.toISOString().slice(0, 7)}</text>`
}

function time(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : Date.parse(instant)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
