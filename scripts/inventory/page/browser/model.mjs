/** @typedef {import('../page-data.ts').PageData} PageData */
/** @typedef {import('../page-data.ts').PageApp} PageApp */
/** @typedef {PageApp & { haystack: string, weight: number, counts: [high: number, medium: number, low: number] }} App */
/** @typedef {{ text: string, kind: string, severity: string, rule: string, managed: string, api: string, permission: string }} Filters */

/** Everything but what Microsoft registered, which is nobody's to put right. @type {Filters} */
export const NO_FILTERS = {
  text: '',
  kind: 'ours',
  severity: '',
  rule: '',
  managed: '',
  api: '',
  permission: '',
}

const SEVERITIES = ['high', 'medium', 'low']

/**
 * The applications, each with the text that a search looks through and the weight of its findings.
 *
 * @param {PageData} data
 * @returns {App[]}
 */
export function toApps(data) {
  return data.apps.map((app) => {
    const open = app.findings.filter(([, , suppressed]) => suppressed === undefined)
    const severities = open.map(([rule]) => data.rules[rule]?.severity)
    /** @param {string} severity */
    const count = (severity) => severities.filter((each) => each === severity).length
    /** @type {App['counts']} */
    const counts = [count('high'), count('medium'), count('low')]
    const names = app.permissions.map(([index]) => data.permissions[index]?.name ?? '')
    const secrets = app.credentials.flatMap(({ displayName, keyId }) => [displayName ?? '', keyId])
    const texts = [app.name, app.appId, app.managedBy ?? '', ...app.owners, ...app.roles, ...app.uris]
    const haystack = [...texts, ...names, ...secrets].join('\n').toLowerCase()
    return { ...app, counts, haystack, weight: counts[0] * 1e6 + counts[1] * 1e3 + counts[2] }
  })
}

/**
 * The applications that all filters let through; every word of the search must be there.
 *
 * @param {readonly App[]} apps
 * @param {PageData} data
 * @param {Filters} filters
 */
export function filtered(apps, data, filters) {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean)
  return apps.filter(
    (app) =>
      ofKind(app, filters.kind) &&
      bySeverity(app, filters.severity) &&
      (filters.managed === '' || (filters.managed === 'yes') === (app.managedBy !== undefined)) &&
      (filters.rule === '' || app.findings.some(([rule]) => data.rules[rule]?.id === filters.rule)) &&
      (filters.api === '' || app.permissions.some(([each]) => data.permissions[each]?.api === filters.api)) &&
      (filters.permission === '' || app.permissions.some(([each]) => String(each) === filters.permission)) &&
      words.every((word) => app.haystack.includes(word)),
  )
}

/**
 * @param {App} app
 * @param {string} kind
 */
function ofKind(app, kind) {
  return kind === '' || (kind === 'ours' ? app.kind !== 'microsoft' || app.weight > 0 : app.kind === kind)
}

/**
 * @param {App} app
 * @param {string} severity
 */
function bySeverity({ counts, weight }, severity) {
  if (severity === '') return true
  return severity === 'none' ? weight === 0 : (counts[SEVERITIES.indexOf(severity)] ?? 0) > 0
}

/** What an application is sorted by; what is absent comes last. @type {Record<string, (app: App) => string | number | undefined>} */
const KEYS = {
  name: ({ name }) => name.toLowerCase(),
  kind: ({ kind }) => kind,
  managedBy: ({ managedBy }) => managedBy,
  owners: ({ owners }) => owners[0]?.toLowerCase(),
  expires: ({ expires }) => expires,
  granted: ({ permissions }) => permissions.filter(([, flags]) => flags >= 2).length,
  signIn: ({ signIn }) => signIn,
  findings: ({ weight }) => weight,
}

/**
 * @param {readonly App[]} apps
 * @param {string} by
 * @param {boolean} descending
 */
export function sorted(apps, by, descending) {
  const key = KEYS[by] ?? (() => 0)
  const keyed = apps.map((app) => ({ app, key: key(app) }))
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined)
    return (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * (descending ? -1 : 1)
  })
  return keyed.map(({ app }) => app)
}
