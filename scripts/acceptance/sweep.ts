import { isOwnName, OWN_FILTER } from './fence.ts'

/** Sends a request to Graph as the deployer; the path is below the version. Throws what Graph answers when it refuses. */
export type Graph = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>

/** What a sweep did. */
export interface Swept {
  /** Display names of the applications that were still there. */
  readonly deleted: readonly string[]
  /** Why deleted applications could not be removed for good; Entra does that itself after 30 days. */
  readonly kept: readonly string[]
}

interface Application {
  readonly id: string
  readonly displayName: string
}

/**
 * Deletes the applications of acceptance runs, and removes deleted ones for good. Their service principals, consents and
 * secrets go with them.
 *
 * @param run only what this run made; default: what any run left
 */
export async function sweep(graph: Graph, run?: string): Promise<Swept> {
  const query = `$filter=${encodeURIComponent(OWN_FILTER)}&$select=id,displayName&$top=999`
  const list = async (path: string) => {
    const { value } = (await graph('GET', `${path}?${query}`)) as { value?: Application[] }
    const isWanted = ({ displayName }: Application) =>
      isOwnName(displayName) && (run === undefined || displayName.includes(` ${run} `))
    return (value ?? []).filter(isWanted)
  }
  const deleted: string[] = []
  for (const { id, displayName } of await list('/applications')) {
    await graph('DELETE', `/applications/${id}`)
    deleted.push(displayName)
  }
  const kept: string[] = []
  for (const { id, displayName } of await list('/directory/deletedItems/microsoft.graph.application')) {
    try {
      await graph('DELETE', `/directory/deletedItems/${id}`)
    } catch (error) {
      kept.push(`${displayName}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { deleted, kept }
}
