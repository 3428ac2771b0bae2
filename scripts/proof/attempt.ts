import type { JWTPayload } from 'jose'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { SHAREPOINT_APP_ID } from '../../microsoft/well-known-apis.ts'
import type { Failure } from './catalogue/failure.ts'
import type { Explained } from './catalogue/index.ts'
import { explain } from './catalogue/index.ts'
import { checkOfFinding, checkOfProbe, failed, passed, warning } from './checks/check.ts'
import { besideDeclared } from './checks/federation-refusal.ts'
import { type Probe, probesFor, runProbes, siteProbes } from './checks/probes.ts'
import {
  broken,
  type Finding,
  judgeClaims,
  judgeCloud,
  readClaims,
  rolesIn,
} from './checks/token-contract.ts'
import type { GrantsAnswer, ProofPorts, TokenAnswer } from './model/ports.ts'
import type { Check } from './model/report.ts'
import { apisToProve, type Credential, type CredentialTarget, type ExpectedApi } from './model/target.ts'

/** The parts of a proof, in the order in which they can succeed. */
export const STAGES = ['token', 'permissions', 'probes'] as const
export type Stage = (typeof STAGES)[number]

/** What one attempt found. */
export interface Attempt {
  readonly checks: readonly Check[]
  readonly failures: readonly Explained[]
  /** Stages in which nothing failed. */
  readonly passed: readonly Stage[]
  /** How far the token endpoint's clock is ahead of ours, if it answered. */
  readonly clockAheadMs?: number
}

export interface AttemptOptions {
  /** Leave the probes out. */
  readonly noProbes?: boolean
  /** Also run probes that write. */
  readonly writeProbes?: boolean
  readonly signal?: AbortSignal
}

/** Proves a credential once: a fresh token for each API, the tokens against the declaration, the probes. */
export async function attempt(
  target: CredentialTarget,
  ports: ProofPorts,
  options: AttemptOptions = {},
): Promise<Attempt> {
  const apis = apisToProve(target)
  const answers = await Promise.all(apis.map((api) => askToken(target, api, ports, options.signal)))
  const tokens = apis.map((api, i) => judgeToken(api, answers[i]!, target))
  const clockAheadMs = answers.find((answer) => answer.clockAheadMs !== undefined)?.clockAheadMs

  const findings = [
    ...judgeCloud(answers.find(({ graphHost }) => graphHost)?.graphHost, ports.graphUrl),
    ...(await judgeTokens(onTheirClock(target, clockAheadMs), tokens, ports)),
  ]
  const graphToken = tokens[0]?.token
  const probes = graphToken !== undefined && !options.noProbes ? probesOf(target, apis[0]!) : []
  const results = graphToken === undefined ? [] : await probe(graphToken, probes, ports, options)

  const tokenChecks = tokens.map(({ check }) => check)
  const tokenFailures = tokens.flatMap(({ failure }) => failure ?? [])
  const contractFailures = findings.flatMap((finding) => (finding.ok ? [] : finding.failure))
  const probeFailures = results.flatMap((result) => (result.outcome === 'failed' ? result.failure : []))
  return {
    checks: [...tokenChecks, ...findings.map(checkOfFinding), ...results.map(checkOfProbe)],
    failures: [...tokenFailures, ...contractFailures, ...causesOnly(probeFailures, contractFailures)],
    passed: passedStages(tokenFailures, contractFailures, probeFailures),
    ...(clockAheadMs !== undefined && { clockAheadMs }),
  }
}

function askToken(
  target: CredentialTarget,
  api: ExpectedApi,
  ports: ProofPorts,
  signal: AbortSignal | undefined,
): Promise<TokenAnswer> {
  const { tenantId, clientId, credential } = target
  const resource = api.appId === MICROSOFT_GRAPH_APP_ID ? ports.graphUrl : api.appId
  return ports.requestToken({ tenantId, clientId, credential, resource, ...(signal && { signal }) })
}

/** The target with the time of its change as the tenant's clock showed it, by which tokens are dated. */
function onTheirClock(target: CredentialTarget, clockAheadMs = 0): CredentialTarget {
  const { changedAt } = target
  if (!changedAt?.credential) return target
  const credential = new Date(changedAt.credential.getTime() + clockAheadMs)
  return { ...target, changedAt: { ...changedAt, credential } }
}

interface JudgedToken {
  readonly api: ExpectedApi
  readonly check: Check
  readonly token?: string
  readonly claims?: JWTPayload
  readonly failure?: Explained
}

function judgeToken(
  api: ExpectedApi,
  answer: TokenAnswer,
  { credential, trusted = {} }: CredentialTarget,
): JudgedToken {
  const name = `token for ${api.name}`
  if (!answer.ok) {
    const failure = explain(besideDeclared(idAsValue(answer.failure, credential), trusted))
    return { api, check: failed(name, failure), failure }
  }
  const claims = readClaims(answer.token)
  if (claims) return { api, check: issued(name, api, credential), token: answer.token, claims }
  const { failure } = broken(name, 'NO_JWT', 'the token is not a JWT')
  return { api, check: failed(name, failure), failure }
}

/** SharePoint's own API takes app-only tokens only where the application proved itself by a certificate. */
function issued(name: string, { appId }: ExpectedApi, { kind }: Credential): Check {
  return appId === SHAREPOINT_APP_ID && kind === 'secret'
    ? warning(
        name,
        'issued, but SharePoint answers 401 to a token got with a client secret; use a certificate',
      )
    : passed(name, 'issued')
}

/** A secret's value is never a GUID and its id always is one: the commonest mistake, and no waiting fixes it. */
function idAsValue(failure: Failure, credential: Credential): Failure {
  const pasted = failure.code === 'AADSTS7000215' && credential.kind === 'secret' && isGuid(credential.value)
  return pasted ? { ...failure, source: 'contract', code: 'SECRET_ID_AS_VALUE' } : failure
}

/** Asks the directory only when a token differs from the declaration: it then says on which side the difference is. */
async function judgeTokens(
  target: CredentialTarget,
  tokens: readonly JudgedToken[],
  ports: ProofPorts,
): Promise<Finding[]> {
  const judge = (grants?: GrantsAnswer) =>
    tokens.flatMap(({ api, claims }) =>
      claims ? judgeClaims(claims, expectation(target, api, ports), grants) : [],
    )
  const differs = tokens.some(({ api, claims }) => claims && !sameSet(rolesIn(claims), api.roles))
  if (!differs || !ports.grantsOf || !target.servicePrincipalId) return judge()
  return judge(await ports.grantsOf(target.servicePrincipalId))
}

function expectation(
  { tenantId, clientId, changedAt = {} }: CredentialTarget,
  api: ExpectedApi,
  ports: ProofPorts,
) {
  const uri = api.appId === MICROSOFT_GRAPH_APP_ID ? ports.graphUrl : api.appId
  const audiences = isGuid(uri) ? [uri] : [uri, `${uri}/`, api.appId]
  const { credential } = changedAt
  return { tenantId, clientId, audiences, api, ...(credential && { changedAt: credential }) }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value))
}

function probesOf(target: CredentialTarget, graph: ExpectedApi): Probe[] {
  const { probes = [], sites = [] } = target.expected
  return [...probesFor(probes, graph.roles), ...siteProbes(sites, graph.roles)]
}

function probe(token: string, probes: readonly Probe[], ports: ProofPorts, options: AttemptOptions) {
  const { writeProbes = false, signal } = options
  return runProbes(ports, probes, { token, writes: writeProbes, ...(signal && { signal }) })
}

/** A probe denied for want of a permission that the token lacks is the same fault once more, and waits as that does. */
function causesOnly(probes: readonly Explained[], contract: readonly Explained[]): Explained[] {
  const lacksRole = contract.some(({ code }) => LACKING.includes(code))
  return lacksRole ? probes.filter(({ status }) => status !== 403) : [...probes]
}

const LACKING: readonly string[] = ['ROLE_MISSING', 'ROLE_NOT_IN_TOKEN', 'ROLE_NOT_CONSENTED']

function passedStages(
  tokens: readonly Explained[],
  contract: readonly Explained[],
  probes: readonly Explained[],
): Stage[] {
  if (tokens.length > 0) return []
  return [
    'token',
    ...(contract.length === 0 ? (['permissions'] as const) : []),
    ...(probes.length === 0 ? (['probes'] as const) : []),
  ]
}
