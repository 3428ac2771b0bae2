import { CommandError } from '../lib/errors.ts'

/**
 * Reads the text of an option.
 *
 * @param option as people write it, such as `--deadline`
 * @throws CommandError BAD_OPTIONS with what the parser said
 */
export function parseOption<T>(option: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError('BAD_OPTIONS', `${option}: ${reason}.`, { cause: error })
  }
}
