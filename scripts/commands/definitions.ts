import { add } from './add-definition.ts'
import { adopt } from './adopt-definition.ts'
import { check } from './check-definition.ts'
import { configShow } from './config-show-definition.ts'
import type { CommandDefinition, OptionDefinition } from './definition.ts'
import { deliver } from './deliver-definition.ts'
import { demo } from './demo-definition.ts'
import { doctor } from './doctor-definition.ts'
import { githubSubject } from './github-subject-definition.ts'
import { init } from './init-definition.ts'
import { inventory } from './inventory-definition.ts'
import { move } from './move-definition.ts'
import { report } from './report-definition.ts'
import { retire } from './retire-definition.ts'
import { rotate } from './rotate-definition.ts'
import { stacks } from './stacks-definition.ts'
import { tenant, tenantEnv } from './tenant-definition.ts'
import { up } from './up-definition.ts'
import { verify } from './verify-definition.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDefinition[] = [
  init,
  add,
  demo,
  tenant,
  tenantEnv,
  check,
  configShow,
  doctor,
  up,
  verify,
  rotate,
  deliver,
  retire,
  report,
  stacks,
  move,
  inventory,
  adopt,
  githubSubject,
]

/** The option that every command has. */
export const PROJECT: OptionDefinition = {
  flags: '-C, --cwd <dir>',
  description: 'project directory (default: the nearest one upwards that has a Pulumi.yaml)',
}

export const EXIT_CODES =
  'Exit codes: 0 done and right, 1 something is wrong, 2 could not run, 3 not ready before the deadline, 130 interrupted.'
