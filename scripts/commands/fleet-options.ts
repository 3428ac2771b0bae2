import { type Command, Option } from 'commander'
import { CommandError } from '../lib/errors.ts'
import type { CommandDefinition, OptionDefinition } from './definition.ts'
import { parseCount } from './shared-options.ts'

/** The options by which several stacks are chosen. */
export const SELECT_STACKS: readonly OptionDefinition[] = [
  {
    flags: '--stacks <pattern...>',
    description: 'several stacks: names with * and ?; !pattern takes out; teams/pay/* names a project, too',
  },
  {
    flags: '--below <dir>',
    description: 'with several stacks: of every project below this folder (default: the project alone)',
  },
]

export const ALL_STACKS: OptionDefinition = {
  flags: '--all-stacks',
  description: 'every stack',
  conflicts: 'stacks',
}

/** How a command is run for several stacks. */
const FLEET: readonly OptionDefinition[] = [
  ...SELECT_STACKS,
  ALL_STACKS,
  {
    flags: '--parallel <count>',
    description: 'with several stacks: processes at a time (default: one for each processor, at most 4)',
    parse: parseCount,
  },
  {
    flags: '--resume',
    description: 'with several stacks: run only those that did not succeed the last time',
  },
]

/** Forms of the summary of all stacks, beside the text; the command itself may know them for one stack. */
const SUMMARIES: readonly OptionDefinition[] = [
  { flags: '--json', description: 'with several stacks: print the summary as JSON' },
  {
    flags: '--markdown <file>',
    description: 'with several stacks: write the summary as Markdown',
    isOutputFile: true,
  },
  {
    flags: '--junit <file>',
    description: 'with several stacks: write the summary as JUnit XML',
    isOutputFile: true,
  },
]

/** Options that the run for several stacks takes for itself, as the command line names them. */
export const FLEET_NAMES: ReadonlySet<string> = new Set(
  [...FLEET, ...SUMMARIES].map(({ flags }) => new Option(flags).attributeName()),
)

/** Every option of a command, with those for several stacks where it can be run for them. */
export function optionsOf({ options, fleet }: CommandDefinition): readonly OptionDefinition[] {
  if (!fleet) return options
  const own = new Set(options.map(longOf))
  return [...options, ...FLEET, ...SUMMARIES.filter((each) => !own.has(longOf(each)))]
}

/** Options of which each makes a command one for several stacks. */
const SEVERAL: readonly string[] = ['--stacks', '--all-stacks', '--resume']

/**
 * Whether the command is to be run for several stacks.
 *
 * @throws CommandError BAD_OPTIONS for options that do not go together
 */
export function isForSeveral(definition: CommandDefinition, command: Command): boolean {
  if (!definition.fleet) return false
  const given = command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(({ long }) => long ?? '')
  const several = given.find((each) => SEVERAL.includes(each))
  const single = ['--stack', ...definition.fleet.single]
  const alone = given.find((each) => single.includes(each))
  const only = given.find((each) => !isOwn(definition, each))
  if (several && alone)
    throw new CommandError('BAD_OPTIONS', `${alone} goes with one stack, not with ${several}.`)
  if (only && !several) throw new CommandError('BAD_OPTIONS', `${only} needs --stacks or --all-stacks.`)
  return several !== undefined
}

/** Whether the command itself has the option, for one stack. */
export function isOwn({ options }: CommandDefinition, long: string): boolean {
  return options.some((each) => longOf(each) === long)
}

function longOf({ flags }: OptionDefinition): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags
}
