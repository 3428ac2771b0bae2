import { ENTRY_TABLES } from '../../infra/registration/entry-settings.ts'
import type { Setting } from '../../infra/registration/setting.ts'
import {
  APPLICATION_SETTINGS,
  OTHER_SETTINGS,
  SERVICE_PRINCIPAL_SETTINGS,
} from '../../infra/registration/settings-table.ts'

const INTRODUCTION = `# Settings and their names

What a setting of a [declaration](declaration.md) is called by Pulumi's azuread provider and by Microsoft Graph, and what holds
where nobody says anything. \`up\`, \`verify --live\` and \`adopt\` read the same table.`

const OTHERS = `## Settings that are no property of the two objects`

const FOOTER = `The page is written by \`npm run docs\`.`

/** docs/settings.md: what each setting is called by whom. */
export function settingsPage(): string {
  return `${[
    INTRODUCTION,
    '## Application',
    tableOf(APPLICATION_SETTINGS),
    ...ENTRY_TABLES.filter(({ yaml }) => !/idToken|saml2Token/.test(yaml)).flatMap((table) => [
      `## ${titleOf(table.yaml)}`,
      `\`${table.azuread}\` of azuread's application, \`${table.graph}\` of Graph's.`,
      tableOf(table.settings),
    ]),
    '## Service principal',
    tableOf(SERVICE_PRINCIPAL_SETTINGS),
    OTHERS,
    [
      '| declaration | is |',
      '|---|---|',
      ...Object.entries(OTHER_SETTINGS).map(([yaml, is]) => `| \`${yaml}\` | ${is} |`),
    ].join('\n'),
    FOOTER,
  ].join('\n\n')}\n`
}

function titleOf(yaml: string): string {
  if (yaml === 'scopes') return 'Each of `scopes`'
  if (yaml === 'appRoles') return 'Each of `appRoles`'
  return 'Each of `claims.accessToken`, and of `claims.idToken` and `claims.saml2Token` in lists of their own'
}

function tableOf(settings: readonly Setting[]): string {
  const rows = settings.map(({ yaml, azuread, graph, beta, ...rest }) => {
    const names = [yaml, azuread, graph].map((name) => `\`${name}\``)
    return `| ${names.join(' | ')}${beta ? ' (beta)' : ''} | ${defaultIn(rest.default)} |`
  })
  return ['| declaration | azuread | Microsoft Graph | default |', '|---|---|---|---|', ...rows].join('\n')
}

function defaultIn(value: Setting['default']): string {
  if (value === null) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `\`${value.join(', ')}\``
  return `\`${String(value)}\``
}
