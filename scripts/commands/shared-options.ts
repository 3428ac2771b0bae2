import { InvalidArgumentError } from 'commander'
import type { OptionDefinition } from './definition.ts'

/** The stack that a command works on. */
export const STACK: OptionDefinition = {
  flags: '-s, --stack <name>',
  description: 'stack (default: PULUMI_STACK, else the selected one)',
}

/** Show what would be written. */
export const DRY_RUN: OptionDefinition = {
  flags: '--dry-run',
  description: 'show what would be written, write nothing',
}

/** The template of an application: a file in scripts/init/templates. */
export const TEMPLATE: OptionDefinition = {
  flags: '-t, --template <name>',
  description: 'template of the application',
  choices: ['daemon', 'web', 'spa', 'native', 'api', 'github-deployer', 'onedrive'],
  default: 'daemon',
}

/** The data directory of the local tenant. */
export const DATA: OptionDefinition = {
  flags: '--data <dir>',
  description: 'where the tenant keeps its data (default: .entra-apps/local)',
}

/** @throws InvalidArgumentError unless it is a whole number from 1 */
export function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError('it must be a whole number from 1.')
}

/** Which credentials a command is about. */
export const SELECTION: readonly OptionDefinition[] = [
  { flags: '-a, --app <name>', description: 'only this application' },
  { flags: '--secret <name>', description: 'only secrets and certificates of this name' },
]
