import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { providerEnvironment, type RunningTenantInfo, readRunningTenant } from '../../tenant/index.ts'
import { CommandError } from '../lib/errors.ts'
import { LOCAL_PASSPHRASE } from '../lib/local-passphrase.ts'

/** Everything a rehearsal on this computer needs: the tenant's data, and a Pulumi state that belongs to it. */
export interface LocalStage {
  readonly dataDir: string
  readonly stateDir: string
}

export const LOCAL_STACK = 'local'

/** Settings of the azuread provider that would choose another credential than the one given here. */
const RIVAL_SETTINGS = [
  'ARM_CLIENT_CERTIFICATE',
  'ARM_CLIENT_CERTIFICATE_PATH',
  'ARM_CLIENT_ID_FILE_PATH',
  'ARM_CLIENT_SECRET_FILE_PATH',
  'ARM_ENVIRONMENT',
  'ARM_OIDC_TOKEN',
  'ARM_OIDC_TOKEN_FILE_PATH',
  'ARM_USE_MSI',
  'ARM_USE_OIDC',
] as const

/** @param dataDir default: `.entra-apps/local` in the project directory */
export function localStage(projectDir: string, dataDir?: string): LocalStage {
  const dir = resolve(dataDir ?? join(projectDir, '.entra-apps', 'local'))
  return { dataDir: dir, stateDir: join(dir, 'pulumi-state') }
}

/** @throws CommandError TENANT_NOT_RUNNING */
export function requireRunningTenant(stage: LocalStage): RunningTenantInfo {
  const tenant = readRunningTenant(stage.dataDir)
  if (tenant) return tenant
  throw new CommandError(
    'TENANT_NOT_RUNNING',
    `No local tenant is running on ${stage.dataDir}. Start one in another terminal: npm run tenant`,
  )
}

/**
 * What `pulumi` and other clients must see to reach the local tenant, the deployer's secret left out.
 * The state directory is created, since Pulumi's file back end does not do that.
 */
export async function localEnvironment(
  stage: LocalStage,
  tenant: Pick<RunningTenantInfo, 'url' | 'tenantId' | 'caFile' | 'deployer'>,
): Promise<Record<string, string>> {
  await mkdir(stage.stateDir, { recursive: true, mode: 0o700 })
  return {
    ...providerEnvironment(tenant),
    // Beside each file the back end would keep another one with its type and hash. It writes those in place, so that an
    // engine killed there leaves a state that Pulumi refuses to read.
    PULUMI_BACKEND_URL: `file://${stage.stateDir}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: LOCAL_PASSPHRASE,
    PULUMI_STACK: LOCAL_STACK,
  }
}

/** The environment of a child process on the local stage: `base` without settings that point elsewhere. */
export function localProcessEnvironment(
  base: NodeJS.ProcessEnv,
  local: Record<string, string>,
  secretFile: string,
): NodeJS.ProcessEnv {
  const rivals: readonly string[] = [...RIVAL_SETTINGS, 'PULUMI_CONFIG_PASSPHRASE_FILE']
  const kept = Object.entries(base).filter(([key]) => !rivals.includes(key))
  return { ...Object.fromEntries(kept), ...local, ARM_CLIENT_SECRET: readFileSync(secretFile, 'utf8').trim() }
}

/**
 * Shell lines that set an environment. The deployer's secret is read from its file by the shell that evaluates them,
 * so it appears neither on the terminal nor in a log.
 */
export function renderExports(environment: Record<string, string>, secretFile: string): string {
  return [
    `unset ${RIVAL_SETTINGS.join(' ')} PULUMI_CONFIG_PASSPHRASE_FILE`,
    ...Object.entries(environment).map(([key, value]) => `export ${key}=${shellQuote(value)}`),
    `export ARM_CLIENT_SECRET="$(cat ${shellQuote(secretFile)})"`,
  ].join('\n')
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
