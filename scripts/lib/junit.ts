import { escapeXml, xmlAttributes } from '../../lib/escape.ts'

/** A report in the dialect of JUnit XML that Jenkins, GitLab, Azure Pipelines and GitHub actions read. */
export interface JunitReport {
  readonly name: string
  /** RFC 3339. */
  readonly startedAt: string
  readonly durationMs: number
  readonly suites: readonly JunitSuite[]
}

export interface JunitSuite {
  readonly name: string
  readonly durationMs: number
  /** Default: none. */
  readonly properties?: Readonly<Record<string, string>>
  readonly cases: readonly JunitCase[]
}

export interface JunitCase {
  readonly name: string
  readonly classname: string
  readonly durationMs?: number
  /** Default: it passed. What is wrong is a failure, what could not be asked an error. */
  readonly outcome?: {
    readonly tag: 'failure' | 'error' | 'skipped'
    readonly message: string
    /** Of a failure or an error. */
    readonly type?: string
    readonly text?: string
  }
  /** What else there is to say. */
  readonly output?: string
}

export function renderJunit({ name, startedAt, durationMs, suites }: JunitReport): string {
  const all = countsOf(suites.flatMap(({ cases }) => cases))
  const attributes = { name, ...all, time: seconds(durationMs) }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes(attributes)}>`,
    ...suites.flatMap((suite) => renderSuite(suite, startedAt)),
    '</testsuites>',
    '',
  ].join('\n')
}

function renderSuite(
  { name, durationMs, properties = {}, cases }: JunitSuite,
  startedAt: string,
): readonly string[] {
  const skipped = cases.filter(({ outcome }) => outcome?.tag === 'skipped').length
  // Jenkins' dialect has no fraction and no zone in a timestamp.
  const timestamp = startedAt.slice(0, 19)
  const attributes = { name, ...countsOf(cases), skipped, time: seconds(durationMs), timestamp }
  const described = Object.entries(properties).map(
    ([key, value]) => `      <property${xmlAttributes({ name: key, value })}/>`,
  )
  return [
    `  <testsuite${xmlAttributes(attributes)}>`,
    ...(described.length > 0 ? ['    <properties>', ...described, '    </properties>'] : []),
    ...cases.map(renderCase),
    '  </testsuite>',
  ]
}

function renderCase({ name, classname, durationMs, outcome, output }: JunitCase): string {
  const time = durationMs === undefined ? {} : { time: seconds(durationMs) }
  const inner = [
    output === undefined ? '' : `<system-out>${escapeXml(output)}</system-out>`,
    outcome ? renderOutcome(outcome) : '',
  ].join('')
  return `    <testcase${xmlAttributes({ name, classname, ...time })}>${inner}</testcase>`
}

function renderOutcome({ tag, message, type, text = '' }: NonNullable<JunitCase['outcome']>): string {
  const attributes = { message, ...(type !== undefined && { type }) }
  return `<${tag}${xmlAttributes(attributes)}>${escapeXml(text)}</${tag}>`
}

function countsOf(cases: readonly JunitCase[]) {
  const count = (tag: string) => cases.filter(({ outcome }) => outcome?.tag === tag).length
  return { tests: cases.length, failures: count('failure'), errors: count('error') }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
