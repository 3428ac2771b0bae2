import type { Rule } from '../../infra/rules/rule.ts'
import { tableCell } from '../../lib/escape.ts'

const SECTIONS: readonly [prefix: string, title: string][] = [
  ['EA0', 'The declaration itself'],
  ['EA1', 'Redirect URIs and signing in'],
  ['EA2', 'The application object'],
  ['EA3', 'Exposed API: identifier URIs, scopes, app roles, claims'],
  ['EA4', 'Secrets and certificates'],
  ['EA5', 'Federated credentials'],
  ['EA6', 'Permissions and assignments'],
  ['EA7', 'Applications that refer to each other'],
]

const INTRODUCTION = `# Rules

    npm run check:apps                # as text; -- --json or -- --sarif for programs

Every declaration is checked against these rules before anything is registered: by \`check\` (no engine, no tenant, no network)
and again by each deployment. An error stops a deployment, a warning does not. \`check\` exits with 1 when there is an error, else with 0.

To break a rule on purpose, suppress it in the application, with the reason:

\`\`\`yaml
displayName: FileManager
suppress:
  - { rule: EA607, reason: the migration runs until March and needs it }
\`\`\`

A suppression that suppresses nothing is a warning (EA003). This page is written by \`npm run docs\`; the source of each
limit is the title of a page of Microsoft's documentation.`

/** docs/rules.md: one table for each subject, from the registry. */
export function rulesPage(rules: readonly Rule[]): string {
  const sections = SECTIONS.map(([prefix, title]) => {
    const rows = rules.filter(({ code }) => code.startsWith(prefix)).map(row)
    return [
      `## ${title}`,
      '',
      '| code | severity | rule | to fix it | source |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n')
  })
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`
}

function row({ code, name, severity, summary, fix, source }: Rule): string {
  const cells = [`${code} \`${name}\``, severity, summary, fix, source]
  return `| ${cells.map(tableCell).join(' | ')} |`
}
