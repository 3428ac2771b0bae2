import { escapeHtml, escapeMarkdown } from '../../../lib/escape.ts'
import type { AppProof, Check, ProofReport } from '../model/report.ts'
import { resultLine, sectionsOf, supportLine } from './outline.ts'

const MARKS: Readonly<Record<Check['status'], string>> = {
  passed: '✅',
  failed: '❌',
  warning: '⚠️',
  skipped: '➖',
}

/** The report as GitHub-flavoured Markdown, for a job summary. */
export function renderMarkdown(report: ProofReport): string {
  const { verdict, stack, checks, apps } = report
  const heading = `## ${verdict === 'proved' ? MARKS.passed : MARKS.failed} Proof${stack ? ` of stack \`${stack}\`` : ''}`
  const run = checks
    .filter(({ status }) => status !== 'passed')
    .map(
      (check) =>
        `- ${MARKS[check.status]} **${escapeMarkdown(check.name)}**: ${escapeMarkdown(check.detail)}`,
    )
  return `${[
    heading,
    resultLine(report),
    ...(run.length > 0 ? [run.join('\n')] : []),
    ...apps.map(renderApp),
  ].join('\n\n')}\n`
}

/** An application that is all right is folded away. */
function renderApp(app: AppProof): string {
  const ok = app.verdict === 'proved'
  const title = `${MARKS[ok ? 'passed' : 'failed']} ${escapeHtml(app.app)} (${escapeHtml(app.displayName)}, client id ${app.clientId})`
  const rows = sectionsOf(app).flatMap(({ title: label, checks }) =>
    checks.map(
      (check, i) =>
        `| ${i === 0 ? escapeMarkdown(label) : ''} | ${MARKS[check.status]} | ${escapeMarkdown(check.name)} | ${escapeMarkdown(check.detail)} |`,
    ),
  )
  const table =
    rows.length > 0
      ? ['| credential | | check | found |', '|---|---|---|---|', ...rows].join('\n')
      : 'No credential is declared, so there is nothing to prove.'
  const failures = sectionsOf(app).flatMap(({ title: label, checks }) =>
    checks.flatMap((check) => explain(label, check)),
  )
  const body = [table, ...failures].join('\n\n')
  return `<details${ok ? '' : ' open'}><summary>${title}</summary>\n\n${body}\n\n</details>`
}

function explain(label: string, check: Check): string[] {
  const { explanation } = check
  if (!explanation) return []
  const ids = supportLine(check)
  return [
    [
      `**${escapeMarkdown(label)}: ${escapeMarkdown(check.name)}: ${explanation.code}**`,
      `- said: ${escapeMarkdown(explanation.message)}`,
      `- means: ${escapeMarkdown(explanation.meaning)}`,
      `- **fix: ${escapeMarkdown(explanation.fix)}**`,
      ...(explanation.reference ? [`- source: ${escapeMarkdown(explanation.reference)}`] : []),
      ...(ids ? [`- ids: ${escapeMarkdown(ids)}`] : []),
    ].join('\n'),
  ]
}
