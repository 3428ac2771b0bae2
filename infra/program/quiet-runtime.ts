import type * as pulumi from '@pulumi/pulumi'

/** Environment variable that brings back what {@link quietRuntime} leaves out. */
export const DEBUG_VARIABLE = 'ENTRA_APPS_DEBUG'

/** Node's hook that turns the frames of an error into the text of its `stack` (V8's stack trace API). */
type Formatter = NonNullable<typeof Error.prepareStackTrace>

/**
 * Stops Pulumi's runtime from collecting what only its own developers read, which is most of its work.
 *
 * - It sends each debug message to the engine in a call of its own, one after another, and the engine drops them: some
 *   eight for each resource, and the program cannot end before the last one is answered.
 * - It formats a stack trace for each promise that it waits for and for each resource (`runtime/debuggable.js`). The
 *   latter goes into the state, with paths of the computer that deployed. Errors that have a message keep their stacks.
 */
export function quietRuntime({ log }: Pick<typeof pulumi, 'log'>, env: NodeJS.ProcessEnv): void {
  if (env[DEBUG_VARIABLE]) return
  Object.assign(log, { debug: async () => {} })
  Error.prepareStackTrace = skipWithoutMessage(Error.prepareStackTrace ?? formatAsNode)
}

/** @param format for errors with a message */
function skipWithoutMessage(format: Formatter): Formatter {
  return (error, frames) => (error.message === '' ? String(error) : format(error, frames))
}

const formatAsNode: Formatter = (error, frames) =>
  [String(error), ...frames.map((frame) => `    at ${frame}`)].join('\n')
