import { type Graph, notYetVisible, type RequestOptions } from '../client/graph.ts'
import type { Entity } from '../schema/entity.ts'
import { application } from './application.ts'
import { idOf } from './type.ts'

/** How a part of an application, kept in it but managed on its own, names it. */
export const APPLICATION_ID = idOf(application, 'azuread.Application')

export interface PartChange {
  /** Makes of the application what to send. */
  change(application: Entity): Entity
  /** Tells from the application whether the change shows. */
  isDone(application: Entity): boolean
  /** Called once Graph has taken the change, before it shows. */
  written?(): void
  /** The application may be so new that Graph does not know it everywhere. Default: it does. */
  readonly isNew?: true
}

/**
 * Changes a list of an application that Graph only takes as a whole, such as its identifier URIs. Other parts of the
 * same application wait, so that none is lost.
 *
 * @param path of the application
 */
export function changeApplication(
  graph: Graph,
  path: string,
  { change, isDone, written, isNew }: PartChange,
): Promise<void> {
  const options: RequestOptions = isNew ? { retryWhen: notYetVisible } : {}
  return graph.exclusively(path, async () => {
    await graph.patch(path, change(await graph.get(path, options)), options)
    written?.()
    // The next part reads the list again: it must not read one without this change.
    await graph.until(`The change of ${path}`, async () => isDone(await graph.get(path, options)))
  })
}
