import type { Terminal } from '../lib/terminal.ts'
import type { ForeignCredential } from './registration.ts'
import type { AdoptedRegistration, AdoptionReport } from './report.ts'

/** The report for people. */
export function renderAdoption(report: AdoptionReport, colors: Terminal['colors']): string {
  const { adopted, notAdoptable, alreadyManaged, deletedNamesakes, otherStacks, dryRun } = report
  const sections = [
    ...adopted.map((each) => renderAdopted(each, dryRun, colors)),
    ...notAdoptable.map(({ displayName, clientId, reasons }) =>
      list(`${colors.red('not adoptable')} ${displayName} (${clientId})`, reasons),
    ),
    ...(alreadyManaged.length > 0 ? [`Already in the stack: ${alreadyManaged.join(', ')}.`] : []),
    ...(deletedNamesakes.length > 0
      ? [
          list(
            'Deleted registrations of the same name, kept for 30 days; they are others than the one that was adopted:',
            deletedNamesakes.map(
              ({ displayName, clientId, deletedAt }) =>
                `${displayName} (${clientId}), deleted at ${deletedAt}`,
            ),
          ),
        ]
      : []),
    ...(adopted.length > 0 && otherStacks.length > 0 ? [shared(report)] : []),
    closing(report),
  ]
  return sections.join('\n\n')
}

function renderAdopted(each: AdoptedRegistration, dryRun: boolean, colors: Terminal['colors']): string {
  const { app, displayName, clientId, file, yaml, imports, suppressed, leftAlone, foreign } = each
  const verb = dryRun ? 'would be adopted as' : 'is adopted as'
  return [
    `${colors.green(dryRun ? 'adoptable' : 'adopted')} ${displayName} (${clientId}) ${verb} "${app}": ${imports} objects, ${file}`,
    ...(dryRun ? [yaml.trimEnd()] : []),
    ...(suppressed.length > 0
      ? [list('Rules that it breaks as it is, suppressed in the file:', suppressed)]
      : []),
    ...(leftAlone.length > 0 ? [list('Left alone, outside the declaration:', leftAlone)] : []),
    ...(foreign.length > 0 ? [renderForeign(foreign, clientId)] : []),
  ].join('\n\n')
}

function renderForeign(foreign: readonly ForeignCredential[], clientId: string): string {
  const lines = foreign.map(
    ({ kind, of, keyId, displayName, endDate }) =>
      `${kind} "${displayName || 'without a name'}" of the ${of}, key id ${keyId}, until ${endDate}`,
  )
  const removals = [...new Set(foreign.map(({ of }) => of))].map(
    (of) =>
      `az ad ${of === 'application' ? 'app' : 'sp'} credential delete --id ${clientId} --key-id <key id>`,
  )
  const advice = [
    'Their values cannot be read, so no declaration stands for them. To replace them: declare one of our own (`secrets:`,',
    '`certificates:`, or better `federatedCredentials:`), bring the stack up, give it to every consumer (`deliver`), and then',
    `remove the foreign one (--cert for a certificate): ${removals.join(', or ')}`,
  ]
  return `${list('Foreign credentials:', lines)}\n  ${advice.join('\n  ')}`
}

function shared({ adopted, otherStacks }: AdoptionReport): string {
  const names = adopted.map(({ app }) => `${app}: null`).join(', ')
  return `apps/ is shared: ${otherStacks.join(', ')} would register it anew. Where that is not wanted, write under config there:\n  entra-apps:apps: { ${names} }`
}

function closing({ adopted, dryRun }: AdoptionReport): string {
  if (adopted.length === 0) return 'Nothing was adopted, and nothing was changed.'
  return dryRun
    ? 'The preview holds nothing but imports. Nothing was changed and nothing written.'
    : 'Nothing in the directory was changed, and `pulumi preview` is empty.'
}

function list(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  - ${line}`)].join('\n')
}
