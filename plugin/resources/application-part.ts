import type { Graph } from '../graph.ts'
import type { Entity } from '../schema/entity.ts'
import type { StringProperty } from '../schema/property.ts'
import { application } from './application.ts'

/** How a part of an application, kept in it but managed on its own, names it. */
export const APPLICATION_ID: StringProperty = {
  type: 'string',
  required: true,
  forceNew: true,
  rule: (value) =>
    application.idPattern.test(value)
      ? undefined
      : `must have the form ${application.idForm} (the \`id\` of an azuread.Application), is "${value}"`,
}

/**
 * Changes a list of an application that Graph only takes as a whole, such as its identifier URIs. Other parts of the
 * same application wait, so that none is lost.
 *
 * @param path of the application
 * @param change makes of the application what to send; undefined when nothing is to be changed
 * @param done tells from the application whether the change shows
 */
export function changeApplication(
  graph: Graph,
  path: string,
  change: (application: Entity) => Entity | undefined,
  done: (application: Entity) => boolean,
): Promise<void> {
  return graph.exclusively(path, async () => {
    const body = change(await graph.get(path))
    if (body === undefined) return
    await graph.patch(path, body)
    // The next part reads the list again: it must not read one without this change.
    await graph.until(`The change of ${path}`, async () => done(await graph.get(path)))
  })
}
