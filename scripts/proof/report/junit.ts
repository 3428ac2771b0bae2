import { escapeXml, xmlAttributes } from '../../../lib/escape.ts'
import type { AppProof, Check, ProofReport } from '../model/report.ts'
import { type Section, sectionsOf, supportLine } from './outline.ts'

/**
 * The report as JUnit XML, the dialect that Jenkins, GitLab, Azure Pipelines and GitHub actions read: a suite for each
 * application, a case for each check. What could not be asked is an error, what is wrong a failure.
 */
export function renderJunit(report: ProofReport): string {
  const suites = report.apps.map((app) => renderSuite(app, report.startedAt))
  const run = report.checks.length > 0 ? [renderRun(report)] : []
  const all = [...run, ...suites]
  const sum = (pick: (counts: Counts) => number) => all.reduce((total, { counts }) => total + pick(counts), 0)
  const attributes = {
    name: `entra-apps verify${report.stack ? ` ${report.stack}` : ''}`,
    tests: sum(({ tests }) => tests),
    failures: sum(({ failures }) => failures),
    errors: sum(({ errors }) => errors),
    time: seconds(report.durationMs),
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes(attributes)}>`,
    ...all.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n')
}

interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
}

interface Suite {
  readonly xml: string
  readonly counts: Counts
}

function renderSuite(app: AppProof, timestamp: string): Suite {
  const slowest = Math.max(0, ...app.credentials.map(({ waitedMs }) => waitedMs))
  return suite(app.app, sectionsOf(app), slowest, timestamp, {
    displayName: app.displayName,
    tenantId: app.tenantId,
    clientId: app.clientId,
    verdict: app.verdict,
  })
}

function renderRun({ checks, startedAt }: ProofReport): Suite {
  return suite('run', [{ title: 'run', checks }], 0, startedAt, {})
}

function suite(
  name: string,
  sections: readonly Section[],
  durationMs: number,
  timestamp: string,
  properties: Readonly<Record<string, string>>,
): Suite {
  const checks = sections.flatMap((section) => section.checks)
  const errors = checks.filter(isError).length
  const counts = {
    tests: checks.length,
    failures: checks.filter(({ status }) => status === 'failed').length - errors,
    errors,
    skipped: checks.filter(({ status }) => status === 'skipped').length,
  }
  // Jenkins' dialect has no fraction and no zone in a timestamp.
  const attributes = { name, ...counts, time: seconds(durationMs), timestamp: timestamp.slice(0, 19) }
  const described = Object.entries(properties).map(
    ([key, value]) => `      <property${xmlAttributes({ name: key, value })}/>`,
  )
  const lines = [
    `  <testsuite${xmlAttributes(attributes)}>`,
    ...(described.length > 0 ? ['    <properties>', ...described, '    </properties>'] : []),
    ...sections.flatMap((section) =>
      section.checks.map((check) => testcase(`${name}.${section.title}`, check)),
    ),
    '  </testsuite>',
  ]
  return { xml: lines.join('\n'), counts }
}

function testcase(classname: string, check: Check): string {
  const { name, status, detail } = check
  const open = `    <testcase${xmlAttributes({ name, classname })}`
  switch (status) {
    case 'passed':
      return `${open}/>`
    case 'warning':
      return `${open}><system-out>${escapeXml(`warning: ${detail}`)}</system-out></testcase>`
    case 'skipped':
      return `${open}><skipped${xmlAttributes({ message: detail })}/></testcase>`
    case 'failed': {
      const tag = isError(check) ? 'error' : 'failure'
      const attributes = { message: detail, type: check.explanation?.code ?? 'check' }
      return `${open}><${tag}${xmlAttributes(attributes)}>${escapeXml(body(check))}</${tag}></testcase>`
    }
  }
}

/** What could not be asked is nobody's failure: the request got no answer, or the answer was the service's trouble. */
function isError({ status, explanation }: Check): boolean {
  return status === 'failed' && explanation?.source === 'network'
}

function body(check: Check): string {
  const { explanation } = check
  if (!explanation) return check.detail
  const ids = supportLine(check)
  const { message, meaning, fix, reference } = explanation
  return [
    `said: ${message}`,
    `means: ${meaning}`,
    `fix: ${fix}`,
    ...(reference ? [`source: ${reference}`] : []),
    ...(ids ? [`ids: ${ids}`] : []),
  ].join('\n')
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
