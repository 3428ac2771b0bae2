import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  LEAST_PRIVILEGE_DEPLOYER_ROLES,
  type RunningTenantInfo,
  readRunningTenant,
  startTenant,
} from '../../tenant/index.ts'
import type { ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import { LOCAL_STACK, localEnvironment, localProcessEnvironment, localStage } from '../stack/local-stage.ts'
import { ensureStack, openEngine, openWorkspace } from '../stack/workspace.ts'
import { up } from './up.ts'
import { verify } from './verify.ts'

export interface DemoOptions {
  readonly projectDir: string
  /** Default: `.entra-apps/local` in the project directory. */
  readonly data?: string
}

/** The main job on this computer: a local tenant, the real engine, the applications, the proof. */
export async function demo(
  options: DemoOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { projectDir } = options
  const stage = localStage(projectDir, options.data)
  const step = (title: string) => terminal.note(`\n${terminal.colors.bold(title)}`)

  step('1. The engine')
  const engine = await openEngine({ env, terminal, signal })

  step('2. The local tenant')
  const tenant = await tenantFor(stage.dataDir, terminal)
  try {
    trust(tenant.caFile)
    const local = await localEnvironment(stage, tenant)
    const stageEnv = localProcessEnvironment(env, local, tenant.deployer.secretFile)

    step('3. pulumi up')
    const workspace = await openWorkspace({ projectDir, env: stageEnv, terminal, signal }, engine)
    await ensureStack(workspace.pulumi, LOCAL_STACK)
    await up(async () => workspace, { stack: LOCAL_STACK }, terminal, signal)

    step('4. The proof: a token for each secret, then Graph')
    return await verify(async () => workspace, { stack: LOCAL_STACK }, stageEnv, terminal)
  } finally {
    await tenant.close()
  }
}

/** The tenant that already runs on this data directory, else one that ends with the demo. */
async function tenantFor(
  dataDir: string,
  terminal: Terminal,
): Promise<RunningTenantInfo & { close(): Promise<void> }> {
  const running = readRunningTenant(dataDir)
  if (running) {
    terminal.note(`Using the tenant that runs on ${running.url} (process ${running.pid}).`)
    return { ...running, close: async () => {} }
  }
  // With the sign-in reports, so that a newcomer's first `report` and `retire` are complete.
  const deployerRoles = [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'AuditLog.Read.All']
  const started = await startTenant({ dataDir, deployerRoles })
  terminal.note(`Started on ${started.url}; it ends with this command, its data stay in ${dataDir}.`)
  return { ...started, pid: process.pid, close: () => started.close() }
}

/** Trusts the tenant's CA in this process, as NODE_EXTRA_CA_CERTS would have done had it been known at the start. */
function trust(caFile: string): void {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(caFile, 'utf8')])
}
