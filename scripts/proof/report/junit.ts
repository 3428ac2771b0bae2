import { type JunitCase, type JunitSuite, renderJunit } from '../../lib/junit.ts'
import type { AppProof, Check, ProofReport } from '../model/report.ts'
import { type Section, sectionsOf, supportLine } from './outline.ts'

/** The report as JUnit XML: a suite for each application, a case for each check. */
export function renderProofJunit(report: ProofReport): string {
  const { stack, startedAt, durationMs, checks, apps } = report
  const run = { name: 'run', durationMs: 0, cases: casesOf('run', [{ title: 'run', checks }]) }
  return renderJunit({
    name: `entra-apps verify${stack ? ` ${stack}` : ''}`,
    startedAt,
    durationMs,
    suites: [...(checks.length > 0 ? [run] : []), ...apps.map(suiteOf)],
  })
}

function suiteOf(app: AppProof): JunitSuite {
  const { displayName, tenantId, clientId, verdict } = app
  return {
    name: app.app,
    durationMs: Math.max(0, ...app.credentials.map(({ waitedMs }) => waitedMs)),
    properties: { displayName, tenantId, clientId, verdict },
    cases: casesOf(app.app, sectionsOf(app)),
  }
}

function casesOf(suite: string, sections: readonly Section[]): JunitCase[] {
  return sections.flatMap(({ title, checks }) => checks.map((check) => caseOf(`${suite}.${title}`, check)))
}

function caseOf(classname: string, check: Check): JunitCase {
  const { name, status, detail, explanation } = check
  const about = { name, classname }
  switch (status) {
    case 'passed':
      return about
    case 'warning':
      return { ...about, output: `warning: ${detail}` }
    case 'skipped':
      return { ...about, outcome: { tag: 'skipped', message: detail } }
    case 'failed': {
      // What could not be asked is nobody's failure: there was no answer, or the service had trouble.
      const tag = explanation?.source === 'network' ? 'error' : 'failure'
      const type = explanation?.code ?? 'check'
      return { ...about, outcome: { tag, message: detail, type, text: body(check) } }
    }
  }
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
