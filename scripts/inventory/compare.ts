import type { Change, Changes, Entry, InventoryReport, Part } from './report.ts'

type Compared = Pick<InventoryReport, 'at' | 'entries' | 'missing' | 'stacks'>

/** What appeared, changed and went since an earlier inventory. What either of them could not read is not compared. Pure. */
export function compareInventories(earlier: Compared, later: Omit<Compared, 'at'>): Changes {
  const unread = new Set([...earlier.missing, ...later.missing].map(({ part }) => part))
  const withStacks = !unread.has('stacks') && earlier.stacks.join() === later.stacks.join()
  const facts = (entry: Entry) => factsOf(entry, unread, withStacks)
  const before = new Map(earlier.entries.map((entry) => [entry.appId, entry]))
  const after = new Set(later.entries.map(({ appId }) => appId))
  const changes = later.entries.flatMap((entry): Change[] => {
    const known = before.get(entry.appId)
    if (!known) return [toChange('appeared', entry)]
    const what = differences(facts(known), facts(entry))
    return what.length > 0 ? [toChange('changed', entry, what)] : []
  })
  const went = earlier.entries.filter(({ appId }) => !after.has(appId)).map((each) => toChange('went', each))
  return { since: earlier.at, entries: [...changes, ...went] }
}

function toChange(change: Change['change'], { appId, displayName }: Entry, what: string[] = []): Change {
  return { change, appId, displayName, what }
}

function differences(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  return [
    ...[...after].filter((fact) => !before.has(fact)).map((fact) => `new: ${fact}`),
    ...[...before].filter((fact) => !after.has(fact)).map((fact) => `gone: ${fact}`),
  ]
}

/** What matters about an entry, as phrases. */
function factsOf(entry: Entry, unread: ReadonlySet<Part>, withStacks: boolean): ReadonlySet<string> {
  const isRead = (kind: 'application' | 'delegated') =>
    !unread.has(kind === 'application' ? 'applicationPermissions' : 'delegatedPermissions')
  return new Set([
    `display name ${entry.displayName}`,
    `audience ${entry.signInAudience ?? 'unknown'}`,
    entry.enabled === false ? 'disabled' : 'enabled',
    ...entry.owners.map(({ id, name, on }) => `owner ${name ?? id} of the ${wordOf(on)}`),
    ...entry.credentials.map(
      ({ type, keyId, displayName, on }) => `${type} ${displayName ?? ''} (${keyId}) on the ${wordOf(on)}`,
    ),
    ...entry.permissions.flatMap(({ api, kind, name, requested, granted, users }) => [
      ...(requested ? [`asks for ${kind} permission ${name} of ${api}`] : []),
      ...(granted && isRead(kind) ? [`consent to ${kind} permission ${name} of ${api}`] : []),
      ...(users && isRead(kind) ? [`people consented to ${kind} permission ${name} of ${api}`] : []),
    ]),
    ...(unread.has('directoryRoles') ? [] : entry.directoryRoles.map((role) => `directory role ${role}`)),
    ...entry.redirectUris.map(({ platform, uri }) => `redirect URI ${uri} (${platform})`),
    ...(entry.implicitGrant.accessToken ? ['implicit grant of access tokens'] : []),
    ...(entry.implicitGrant.idToken ? ['implicit grant of ID tokens'] : []),
    ...(withStacks && entry.managedBy !== undefined ? [`managed by ${entry.managedBy}`] : []),
  ])
}

function wordOf(on: 'application' | 'servicePrincipal'): string {
  return on === 'application' ? 'application' : 'service principal'
}
