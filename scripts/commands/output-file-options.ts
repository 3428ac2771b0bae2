import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Command, Option } from 'commander'
import { CommandError } from '../lib/errors.ts'
import type { CommandDefinition } from './definition.ts'
import { optionsOf } from './fleet-options.ts'

/**
 * Refuses files that the command could not write, before it does anything.
 *
 * @throws CommandError BAD_OPTIONS
 */
export function requireWritableFiles(definition: CommandDefinition, command: Command): void {
  for (const { flags, isOutputFile } of optionsOf(definition)) {
    const option = new Option(flags)
    const file: unknown = isOutputFile && command.getOptionValue(option.attributeName())
    if (typeof file !== 'string') continue
    const reason = whyNotWritable(file)
    if (reason) throw new CommandError('BAD_OPTIONS', `${option.long}: cannot write "${file}": ${reason}.`)
  }
}

function whyNotWritable(file: string): string | undefined {
  const there = statSync(file, { throwIfNoEntry: false })
  if (there?.isDirectory()) return 'it is a folder. Name a file in it'
  const folder = dirname(file)
  if (!there && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return `there is no folder "${folder}". Create it, or name another file`
  }
  try {
    accessSync(there ? file : folder, constants.W_OK)
  } catch {
    return 'this user may not write there. Name another file'
  }
}
