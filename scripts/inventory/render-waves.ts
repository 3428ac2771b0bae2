import { escapeMarkdown } from '../../lib/escape.ts'
import type { Terminal } from '../lib/terminal.ts'
import { markdownTable } from './render-markdown.ts'
import type { InventoryReport, Wave, WaveApplication } from './report.ts'
import { SHOWN, unreadStacksIn } from './rows.ts'
import { WAVE_REASONS } from './waves.ts'

type Planned = Pick<InventoryReport, 'tenantId' | 'waves' | 'missing'>
type PlannedCredential = WaveApplication['credentials'][number]

const NONE = 'Stacks issued every credential of the registrations: there is nothing to replace.'

/** The waves for people, with the applications that come first. */
export function renderWaves(planned: Planned, colors: Terminal['colors']): string {
  const { waves = [] } = planned
  // They have issued some of the credentials, which must not be taken for foreign ones.
  const doubts = unreadStacksIn(planned).map((each) => `${colors.yellow('missing')} ${each}`)
  if (waves.length === 0) return [...doubts, NONE].join('\n')
  let left = SHOWN
  const shown = waves.map((wave) => {
    const applications = wave.applications.slice(0, left)
    left -= applications.length
    return renderWave(wave, applications, colors)
  })
  return [...doubts, ...shown].join('\n\n')
}

function renderWave(wave: Wave, shown: readonly WaveApplication[], colors: Terminal['colors']): string {
  const lines = shown.flatMap((each) => [
    `  ${each.displayName} (${each.appId}): ${detailsOf(each)}`,
    ...each.credentials.map((credential) => `      ${credential.action} ${describe(credential)}`),
  ])
  const rest = wave.applications.length - shown.length
  const more = rest > 0 ? [`  and ${rest} more: --json and --markdown print all of them`] : []
  return [colors.bold(titleOf(wave)), ...lines, ...more].join('\n')
}

/** The waves as GitHub-flavoured Markdown: a table each. */
export function renderWavesMarkdown(planned: Planned): string {
  const { tenantId, waves = [] } = planned
  const parts = waves.flatMap((wave) => [
    `### ${titleOf(wave)}`,
    markdownTable(
      ['application', 'owners', 'remarks', 'replace', 'remove'],
      wave.applications.map((each) => [
        `${each.displayName} (${each.appId})`,
        each.owners.join('; '),
        detailsOf({ ...each, owners: [] }),
        ...(['replace', 'remove'] as const).map((action) =>
          each.credentials
            .filter((credential) => credential.action === action)
            .map(describe)
            .join('; '),
        ),
      ]),
    ),
  ])
  const doubts = unreadStacksIn(planned).map((each) => `- ${escapeMarkdown(each)}`)
  const title = `## Waves of tenant \`${tenantId}\``
  return [title, ...doubts, ...(parts.length > 0 ? parts : [NONE])].join('\n\n')
}

function titleOf({ wave, reason, applications }: Wave): string {
  return `Wave ${wave} (applications: ${applications.length}): ${WAVE_REASONS[reason]}`
}

function detailsOf({ owners, managedBy, dependents, credentials }: WaveApplication): string {
  const needsStack = credentials.some(({ action }) => action === 'replace')
  return [
    managedBy !== undefined ? `managed by ${managedBy}` : needsStack ? 'adopt it first' : 'not managed',
    ...(owners.length > 0 ? [`owners ${owners.join(', ')}`] : []),
    ...(dependents > 0 ? [`applications that depend on it: ${dependents}`] : []),
  ].join('; ')
}

function describe({ type, keyId, displayName, on, endsAt, lastUsedAt }: PlannedCredential): string {
  const name = displayName === undefined ? '' : ` ${JSON.stringify(displayName)}`
  return [
    `${type}${name} ${keyId}${on === 'servicePrincipal' ? ' of the service principal' : ''}`,
    ...(endsAt === undefined ? [] : [`expires ${endsAt.slice(0, 10)}`]),
    ...(lastUsedAt === undefined ? [] : [`last used ${lastUsedAt.slice(0, 10)}`]),
  ].join(', ')
}
