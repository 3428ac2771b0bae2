import { siteAddress } from '../../../microsoft/sites.ts'
import { graphFailure, type HttpAnswer } from '../catalogue/failure.ts'
import { contractFailure, type Explained, explain } from '../catalogue/index.ts'
import { askTogether } from '../connection/batch.ts'
import type { ProofPorts } from '../model/ports.ts'
import { defaultProbes } from './default-probes.ts'

/** A Graph call that must succeed with the application's own token. */
export interface Probe {
  /** As declared. */
  readonly text: string
  readonly method: string
  /** Below the version. */
  readonly path: string
  readonly body?: unknown
  /** Chosen by us for a declared permission, not by the declaration. */
  readonly isDefault: boolean
  /** Whether Graph has to refuse it, since the application must not reach that far. */
  readonly isRefused?: true
}

export type ProbeResult =
  | { readonly probe: Probe; readonly outcome: 'passed' | 'skipped'; readonly detail: string }
  | { readonly probe: Probe; readonly outcome: 'failed'; readonly failure: Explained }

/**
 * Reads a probe: `GET /users?$top=1`, or with a method that writes and a JSON body,
 * `POST /users/ada@contoso.com/sendMail {"message":{…}}`.
 *
 * @throws SyntaxError when it is neither
 */
export function parseProbe(text: string, isDefault = false): Probe {
  const match = /^(GET|POST|PATCH|PUT|DELETE) (\/\S*)(?: (.+))?$/s.exec(text)
  if (!match) throw new SyntaxError(`"${text}" is not a probe such as "GET /users?$top=1"`)
  const [, method = 'GET', path = '/', body] = match
  return { text, method, path, isDefault, ...(body !== undefined && { body: JSON.parse(body) as unknown }) }
}

/**
 * The probes of a target: the declared ones, else a default for each Graph permission that has one.
 *
 * @throws SyntaxError for a probe that cannot be read
 */
export function probesFor(declared: readonly string[], graphRoles: readonly string[]): Probe[] {
  if (declared.length > 0) return declared.map((text) => parseProbe(text))
  return defaultProbes(graphRoles).map((text) => parseProbe(text, true))
}

/** An application permission that reaches sites or files beyond those that grant a role. */
const REACHES_FURTHER = /^(Sites|Files)\.(?!.*Selected)/

/**
 * The sites that grant the application a role must answer; the root site, where it grants none, must not.
 *
 * @param urls addresses of the sites
 */
export function siteProbes(urls: readonly string[], graphRoles: readonly string[]): Probe[] {
  const addresses = urls.map(siteAddress)
  const probes = addresses.map((address) => parseProbe(`GET /sites/${address}`))
  const isBounded = urls.length > 0 && addresses.every((address) => address.includes(':'))
  if (!isBounded || graphRoles.some((role) => REACHES_FURTHER.test(role))) return probes
  const other = parseProbe('GET /sites/root')
  return [...probes, { ...other, text: `no other site: ${other.text}`, isRefused: true }]
}

export interface RunProbesOptions {
  readonly token: string
  /** Also run probes that write. Default: they are skipped, and say so. */
  readonly writes?: boolean
  readonly signal?: AbortSignal
}

/** Runs probes together and judges each. */
export async function runProbes(
  ports: Pick<ProofPorts, 'askGraph' | 'now'>,
  probes: readonly Probe[],
  { token, writes = false, signal }: RunProbesOptions,
): Promise<ProbeResult[]> {
  const allowed = probes.filter(({ method }) => writes || method === 'GET')
  const answers = await askTogether(ports, allowed, { token, ...(signal && { signal }) })
  return probes.map((probe): ProbeResult => {
    const answer = answers[allowed.indexOf(probe)]
    if (!answer) return { probe, outcome: 'skipped', detail: 'it writes; --write-probes runs it' }
    if (!answer.ok) return { probe, outcome: 'failed', failure: explain(answer.failure) }
    return judgeProbe(probe, answer.answer, ports.now())
  })
}

/** Judges one answer. A default probe that the workload cannot serve is not a fault of the credential. */
export function judgeProbe(probe: Probe, answer: HttpAnswer, now: Date): ProbeResult {
  if (probe.isRefused && answer.status === 403)
    return { probe, outcome: 'passed', detail: 'refused, as no role is granted there' }
  if (probe.isRefused && answer.status < 400) {
    return { probe, outcome: 'failed', failure: contractFailure('SITE_NOT_REFUSED', summarise(answer.body)) }
  }
  if (answer.status < 400) return { probe, outcome: 'passed', detail: summarise(answer.body) }
  const failure = explain(graphFailure(answer, now))
  if (probe.isDefault && failure.fault === 'workload') {
    return { probe, outcome: 'skipped', detail: `${failure.meaning} (${failure.code})` }
  }
  return { probe, outcome: 'failed', failure }
}

/** A few words about an answer: the names of a list's first entries, or the name of one object. */
function summarise(body: string): string {
  const answer = parse(body)
  if (!isRecord(answer)) return 'answered'
  const { value } = answer
  if (!Array.isArray(value)) return label(answer)
  const names = value.slice(0, 4).map((entry) => (isRecord(entry) ? label(entry) : String(entry)))
  const more = value.length > names.length ? ', …' : ''
  return value.length === 0 ? 'none found' : `${value.length} found: ${names.join(', ')}${more}`
}

function label(entry: Record<string, unknown>): string {
  const name = entry['name'] ?? entry['displayName'] ?? entry['id'] ?? 'answered'
  return isRecord(entry['folder']) ? `${name}/` : String(name)
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // An answer need not be JSON: a drive item's content is not.
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
