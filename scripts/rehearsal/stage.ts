import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { stringify } from 'yaml'
import type { Engine } from '../../engine/index.ts'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES, type RunningTenant, startTenant } from '../../tenant/index.ts'
import type { Terminal } from '../lib/terminal.ts'
import { localEnvironment, localProcessEnvironment, localStage } from '../stack/local-stage.ts'
import { ensureStack, openWorkspace, type Workspace } from '../stack/workspace.ts'

const STACK = 'year'

/** A tenant on a clock of its own and a Pulumi project beside it, both gone in the end. */
export interface RehearsalStage {
  readonly dir: string
  readonly tenant: RunningTenant
  readonly env: NodeJS.ProcessEnv
  readonly workspace: Workspace
  close(): Promise<void>
}

export interface RehearsalStageOptions {
  readonly engine: Engine
  readonly apps: Readonly<Record<string, AppDeclarationInput>>
  /** The file with the Pulumi program. */
  readonly program: string
  readonly now: () => Date
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

export async function openRehearsalStage(options: RehearsalStageOptions): Promise<RehearsalStage> {
  const { engine, apps, program, now, env, terminal, signal } = options
  const dir = await mkdtemp(join(tmpdir(), 'entra-apps-year-'))
  const stage = localStage(dir)
  const tenant = await startTenant({
    dataDir: stage.dataDir,
    now,
    // May also read when credentials were last used, so that retirements can look.
    deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'AuditLog.Read.All'],
  })
  const close = async () => {
    await tenant.close()
    await rm(dir, { recursive: true, force: true })
  }
  try {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(tenant.caFile, 'utf8')])
    const local = { ...(await localEnvironment(stage, tenant)), PULUMI_STACK: STACK }
    const stageEnv = localProcessEnvironment(env, local, tenant.deployer.secretFile)
    const project = {
      name: 'entra-apps',
      runtime: { name: 'nodejs', options: { typescript: false } },
      main: program,
    }
    await writeFile(join(dir, 'Pulumi.yaml'), stringify(project))
    await writeFile(join(dir, `Pulumi.${STACK}.yaml`), stringify({ config: { 'entra-apps:apps': apps } }))
    const workspace = await openWorkspace({ projectDir: dir, env: stageEnv, terminal, signal }, engine)
    await ensureStack(workspace.pulumi, STACK)
    return { dir, tenant, env: stageEnv, workspace, close }
  } catch (error) {
    await close()
    throw error
  }
}
