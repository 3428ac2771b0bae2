import type { Failure } from '../proof/catalogue/failure.ts'
import { type Explained, explain } from '../proof/catalogue/index.ts'
import { type EngineEvent, resourceOf } from './engine-events.ts'

type Diagnostic = NonNullable<EngineEvent['diagnosticEvent']>
type Step = NonNullable<EngineEvent['resOpFailedEvent']>['metadata']

/** Why a deployment may succeed when it is tried again. */
export interface WaitableFailure {
  /** Name of the resource that failed; the first of several. */
  readonly resource: string
  readonly refusal: Explained
}

const REQUEST_ID = /\brequest-id \S+/g
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
/** The engine's own way to mark colours in what it logs. */
const COLOURS = /<\{%[^%]*%\}>/g
/** What the engine says in the end, and a list of errors before its items. */
const SUMMARY = /^(update failed|preview failed|\d+ errors? occurred:)?$/
/** `GET /v1.0/x: 409 Code: sentence`, and what the official plugin writes: `unexpected status 409 (409 Conflict) with error: Code: sentence`. */
const REFUSAL =
  /(?:\w+ \/\S*: |unexpected status )(\d{3})(?: \([^)]*\) with error:)? ([A-Za-z_][\w.]*): (.*)$/s
const WITHOUT_CODE = /unexpected status (\d{3}) \([^)]*\) (?:with response:|received with no body)(.*)$/s
/** The service may have done what it was asked to before these went out: another creation would make a second object. */
const OUTCOME_UNKNOWN: readonly (number | undefined)[] = [500, 502, 504]

/**
 * Whether a deployment failed only on what waiting fixes, by the error catalogue. An object that is not found, or not yet
 * valid, is worth waiting for while it is one that this run created, and never when the declaration names it.
 *
 * @param events what the engine said in the deployment that failed; undefined stands for what could not be read
 * @param created what earlier tries of the same deployment created, see {@link createdIn}
 * @returns undefined when something failed that no waiting fixes, or nothing says why it failed
 */
export function waitableFailure(
  events: readonly (EngineEvent | undefined)[],
  created: ReadonlySet<string>,
): WaitableFailure | undefined {
  const steps = new Map(
    events.flatMap((event) => {
      const step = event?.resOpFailedEvent?.metadata
      return step ? [[step.urn, step] as const] : []
    }),
  )
  const failures = events.flatMap((event) =>
    event?.diagnosticEvent?.severity === 'error' ? partsOf(event.diagnosticEvent) : [],
  )
  const young = new Set([...created, ...createdIn(events)])
  const waitable = failures.map(({ urn, text }) => judge(text, urn ? steps.get(urn) : undefined, young))
  return waitable.every((each) => each !== undefined) ? waitable[0] : undefined
}

/** What a deployment created: ids of its objects, in lower case, and URNs of those that are there by halves. */
export function createdIn(events: readonly (EngineEvent | undefined)[]): string[] {
  return events.flatMap((event) => {
    const { resOutputsEvent: done, resOpFailedEvent: failed } = event ?? {}
    if (failed && creates(failed.metadata)) return [failed.metadata.urn]
    return done && creates(done.metadata) ? guidsIn(done.metadata.new?.outputs) : []
  })
}

function judge(
  text: string,
  step: Step | undefined,
  young: ReadonlySet<string>,
): WaitableFailure | undefined {
  const failure = refusalIn(text)
  if (!failure || !step) return undefined
  const refusal = explain(failure)
  const { wait } = refusal
  const isWorthIt =
    wait === 'always'
      ? !(creates(step) && OUTCOME_UNKNOWN.includes(failure.status))
      : typeof wait === 'object' && isAboutTheYoung(failure.message, text, step, young)
  return isWorthIt ? { resource: resourceOf(step.urn).name, refusal } : undefined
}

/**
 * Whether a refusal can be about an object that was just created: one of those, or, in a creation, the new object itself,
 * which nothing in the declaration names. The sentence counts before the request that it answers.
 */
function isAboutTheYoung(sentence: string, text: string, step: Step, young: ReadonlySet<string>): boolean {
  const said = guidsIn(sentence)
  const named = said.length > 0 ? said : guidsIn(text)
  const inputs = guidsIn(step.new?.inputs)
  if ((named.length > 0 ? named : inputs).some((id) => young.has(id))) return true
  return named.length > 0 && young.has(step.urn) && !named.some((id) => inputs.includes(id))
}

function creates({ op }: Pick<Step, 'op'>): boolean {
  return op === 'create' || op === 'create-replacement'
}

/** The official plugin says everything twice, the second time as a list. */
function partsOf({ urn, message }: Diagnostic): { urn: string | undefined; text: string }[] {
  const plain = message.replace(COLOURS, '').replace(REQUEST_ID, '')
  return plain
    .split(/\n\s*\* /)
    .map((part) => part.trim())
    .filter((part) => !SUMMARY.test(part))
    .map((text) => ({ urn, text }))
}

function refusalIn(text: string): Failure | undefined {
  const [, status, code, message = ''] = REFUSAL.exec(text) ?? []
  if (status && code) return { source: 'graph', code, status: Number(status), message, support: {} }
  const [, bare, body = ''] = WITHOUT_CODE.exec(text) ?? []
  return bare
    ? { source: 'graph', code: `HTTP ${bare}`, status: Number(bare), message: body.trim(), support: {} }
    : undefined
}

function guidsIn(value: unknown): string[] {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return (text.match(GUID) ?? []).map((id) => id.toLowerCase())
}
