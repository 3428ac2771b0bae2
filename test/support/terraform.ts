import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Ended, run } from './stage.ts'

/**
 * The provider `terraform-provider-azuread` that ENTRA_APPS_TERRAFORM_PROVIDER names: no package registry has it.
 *
 * @returns undefined where none is named
 */
export function terraformProvider(): string | undefined {
  return process.env['ENTRA_APPS_TERRAFORM_PROVIDER'] || undefined
}

/**
 * Terraform with the provider, in a folder with a configuration. No `init` is needed, and nothing is downloaded. The CLI is
 * `terraform` on PATH, else the one that ENTRA_APPS_TERRAFORM names.
 *
 * @param env what the provider logs in with
 */
export function terraformIn(
  folder: string,
  provider: string,
  env: NodeJS.ProcessEnv,
): (...args: string[]) => Promise<Ended> {
  const config = join(folder, 'terraform.rc')
  const overrides = `"hashicorp/azuread" = ${JSON.stringify(dirname(resolve(provider)))}`
  writeFileSync(config, `provider_installation {\n  dev_overrides {\n    ${overrides}\n  }\n  direct {}\n}\n`)
  const cli = process.env['ENTRA_APPS_TERRAFORM'] || 'terraform'
  const all = { ...env, TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: '1', TF_INPUT: '0' }
  return (...args) => run(cli, [...args, '-no-color'], { cwd: folder, env: all })
}
