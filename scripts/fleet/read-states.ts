import pLimit from 'p-limit'
import type { Pulumi } from '../stack/pulumi.ts'
import { openEngine, openState, type WorkspaceOptions } from '../stack/workspace.ts'
import type { FoundStack } from './find-stacks.ts'

/** Stacks whose state is read at the same time. */
const PARALLEL = 4

/** Reads something of the state of each stack, in the project that it belongs to. @returns the results in their order */
export async function readStates<T>(
  stacks: readonly FoundStack[],
  options: Omit<WorkspaceOptions, 'projectDir'>,
  read: (stack: FoundStack, pulumi: Pulumi) => Promise<T>,
): Promise<T[]> {
  const engine = await openEngine(options)
  const limit = pLimit(PARALLEL)
  return Promise.all(
    stacks.map((found) =>
      limit(() => read(found, openState({ ...options, projectDir: found.projectDir }, engine))),
    ),
  )
}
