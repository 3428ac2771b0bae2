import type { Command } from 'commander'

/**
 * The options that were given on the command line, as arguments for another process of the same command.
 *
 * @param own names of options that are not handed on
 */
export function argumentsOf(command: Command, own: ReadonlySet<string>): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName()
    if (own.has(name) || command.getOptionValueSource(name) !== 'cli') return []
    const flag = option.long ?? option.short ?? ''
    const value: unknown = command.getOptionValue(name)
    if (typeof value === 'boolean') return value === !option.negate ? [flag] : []
    return [value].flat().map((each) => `${flag}=${each}`)
  })
}
