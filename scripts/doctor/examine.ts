import { nodeProblem } from '../../engine/node-version.js'
import { MANIFEST } from '../lib/manifest.ts'
import { failed, passed, skipped } from '../proof/checks/check.ts'
import { besideDeclared } from '../proof/checks/federation-refusal.ts'
import { type Deployer, deployerLogin } from '../proof/connection/deployer.ts'
import { discoverEndpoints, type Endpoints, inCloud } from '../proof/connection/endpoints.ts'
import { openDirectory } from '../proof/directory/open.ts'
import type { ProofPorts } from '../proof/model/ports.ts'
import type { Check } from '../proof/model/report.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import { checkEndpoints } from './endpoints.ts'
import { checkGithubSubjects } from './github-subjects.ts'
import { judgeNeeds } from './judge-needs.ts'
import { needsOf, type Purpose, planned } from './needs.ts'
import { checkOwnership } from './ownership.ts'
import { checkPolicy } from './policy.ts'
import type { DoctorReport } from './report.ts'
import { attempt, checkStack, type StackFindings } from './stack.ts'

export interface ExamineOptions {
  readonly env: NodeJS.ProcessEnv
  /** Where Pulumi.yaml is. */
  readonly projectDir: string
  readonly purpose: Purpose
  readonly stack?: string
  /** Finds engine and plugin; throws an error with a code when it cannot. */
  readonly openPulumi: () => Promise<{ readonly pulumi: Pulumi; readonly description: string }>
  readonly openPorts: (endpoints: Endpoints) => ProofPorts
  readonly signal?: AbortSignal
}

type Section = DoctorReport['sections'][number]

/**
 * The pre-flight checks of a deployment: this machine, the engine and its stack, the
 * way to the tenant, and what the deployer may do there. Changes nothing in the tenant.
 */
export async function examine(options: ExamineOptions): Promise<DoctorReport> {
  const machine: Section = { title: 'This machine', checks: [checkNode()] }
  const { section: engine, findings } = await checkEngine(options)
  const tenant = await checkTenantSide(options, findings)
  const subjects = await checkGithubSubjects(findings.apps ?? {}, options.env, options.signal)
  const federation = subjects.length > 0 ? [{ title: 'Federated credentials', checks: subjects }] : []
  const sections = [machine, engine, ...tenant, ...federation]
  const ok = sections.every(({ checks }) => checks.every(({ status }) => status !== 'failed'))
  return { schemaVersion: 1, tool: { name: 'entra-apps', version: MANIFEST.version }, ok, sections }
}

function checkNode(): Check {
  const problem = nodeProblem(process.version)
  return problem ? { name: 'Node', status: 'failed', detail: problem } : passed('Node', process.version)
}

async function checkEngine({ openPulumi, ...options }: ExamineOptions): Promise<{
  section: Section
  findings: StackFindings
}> {
  let pulumi: Pulumi | undefined
  const opened = await attempt('engine and plugin', async () => {
    const found = await openPulumi()
    pulumi = found.pulumi
    return found.description
  })
  const findings = pulumi ? await checkStack(pulumi, options) : { checks: [], deployed: {} }
  return { section: { title: 'Engine and stack', checks: [opened, ...findings.checks] }, findings }
}

async function checkTenantSide(options: ExamineOptions, findings: StackFindings): Promise<Section[]> {
  const { env } = options
  const { tenantId, cloud } = findings
  let endpoints: Endpoints | undefined
  const discovered = await attempt('endpoints', async () => {
    endpoints = await discoverEndpoints(inCloud(env, cloud))
    return `${endpoints.loginUrl}, ${endpoints.graphUrl}`
  })
  const title = 'The way to the tenant'
  const deployer = deployerLogin(env, tenantId === undefined ? {} : { tenantId })
  if (!endpoints || !deployer) return [{ title, checks: [discovered] }]
  const reached = await checkEndpoints(endpoints, deployer.tenantId)
  const way = { title, checks: [discovered, ...reached] }
  if (reached.some(({ status }) => status === 'failed')) return [way]
  return [way, { title: 'The deployer', checks: await checkDeployer(options, endpoints, deployer, findings) }]
}

/** What the deployer may do in the tenant, once it can log in. */
export async function checkDeployer(
  { openPorts, purpose, signal }: ExamineOptions,
  endpoints: Endpoints,
  deployer: Deployer,
  { apps, identities = {}, deployed, deployedIdentities = {} }: StackFindings,
): Promise<Check[]> {
  const ports = openPorts(endpoints)
  const directory = await openDirectory(ports, deployer, endpoints, signal)
  if (!directory.ok) {
    const itself = Object.values(deployed).find(({ clientId }) => clientId === deployer.clientId)
    const failure = besideDeclared(directory.failure, itself?.federatedCredentials ?? {})
    return [failed(`login by ${deployer.description}`, failure)]
  }
  const { identity, reader } = directory.value
  const who = identity.isUser ? `a person, object id ${identity.objectId}` : `client id ${identity.clientId}`
  const login = passed('login', `${who}, by ${deployer.description}`)
  if (!apps) {
    return [login, skipped('permissions', 'what is needed follows from the config, which could not be read')]
  }
  const needs = needsOf(planned(apps, deployed), purpose, planned(identities, deployedIdentities))
  return [
    login,
    ...judgeNeeds(needs, identity, endpoints.graphUrl),
    ...(await checkOwnership(deployed, directory.value)),
    ...(await checkPolicy(reader, apps, ports.now())),
  ]
}
