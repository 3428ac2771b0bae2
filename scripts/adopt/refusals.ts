import { CommandError, EXIT } from '../lib/errors.ts'
import type { Explained } from '../proof/catalogue/index.ts'
import { text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { fileOf } from './app-file.ts'

/** Why the directory was not read, and how to fix it, as sentences. */
export function explainedIn({ code, meaning, message, fix }: Explained): string {
  return `${code}: ${meaning} (${message}). To fix it: ${fix}.`
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}`).join('\n')
}

export function alreadyManaged(application: Entity, name: string): CommandError {
  const called = `${text(application, 'displayName')} (client id ${text(application, 'appId')})`
  return new CommandError(
    'ALREADY_MANAGED',
    `${called} is managed by this stack already, as "${name}". Nothing was changed; change its declaration instead.`,
  )
}

export function otherChanges(others: readonly string[]): CommandError {
  return new CommandError(
    'OTHER_CHANGES',
    `The stack has changes of its own that are not deployed yet, and adopting must not carry them out; nothing was changed. Bring it up first (npm run up), or take them back:\n${bullets(others)}`,
    { exitCode: EXIT.wrong },
  )
}

export function previewFailed(said: string): CommandError {
  return new CommandError(
    'PULUMI_FAILED',
    `The adoption cannot be previewed; nothing was changed and nothing written. Pulumi says:\n${said}`,
    { exitCode: EXIT.wrong },
  )
}

/** @param reasons each with the name of its registration */
export function notAdoptableBecause(reasons: readonly string[]): CommandError {
  return new CommandError(
    'NOT_ADOPTABLE',
    `Not adoptable as it is; nothing was changed and nothing written:\n${bullets(reasons)}`,
    { exitCode: EXIT.wrong },
  )
}

/** @param begun the name in the stack */
export function begunAs(application: Entity, begun: string): CommandError {
  return new CommandError(
    'NAME_TAKEN',
    `${text(application, 'displayName')} is in the stack as "${begun}" already, since an adoption that did not end: continue with --app ${begun}.`,
  )
}

export function nameTaken(name: string): CommandError {
  return new CommandError(
    'NAME_TAKEN',
    `The declaration has an application "${name}" already (${fileOf(name)}, or the stack's own file). Choose another name with --app.`,
  )
}

export function notEmptyAfterwards(changes: readonly string[]): CommandError {
  return new CommandError(
    'OTHER_CHANGES',
    `Adopted, and nothing in the directory was changed, but the next deployment would not be empty; look at \`pulumi preview\` before it:\n${bullets(changes)}`,
    { exitCode: EXIT.wrong },
  )
}
