import type { RunningTenant } from '../../tenant/index.ts'
import { deployerGraph, trust } from './rehearsal.ts'

/** An object as Graph gives it. */
export type DirectoryObject = Readonly<Record<string, unknown>>

/** Everything in a tenant that belongs to applications made by a test, read by plain Graph calls. */
export interface DirectoryReader {
  /** The application with this display name. */
  application(displayName: string): Promise<DirectoryObject>
  servicePrincipal(displayName: string): Promise<DirectoryObject>
  /** Entries of a collection, such as `/applications/{id}/owners`. */
  list(path: string): Promise<readonly DirectoryObject[]>
}

export async function readDirectory(tenant: RunningTenant): Promise<DirectoryReader> {
  trust(tenant.caPem)
  const graph = await deployerGraph(tenant)
  const list = async (path: string) => (await graph('GET', path))['value'] as DirectoryObject[]
  const only = async (collection: string, displayName: string) => {
    const found = await list(`/${collection}?$filter=displayName eq '${displayName}'`)
    if (found.length !== 1 || !found[0])
      throw new Error(`${found.length} ${collection} are called "${displayName}"`)
    return found[0]
  }
  return {
    list,
    application: (displayName) => only('applications', displayName),
    servicePrincipal: (displayName) => only('servicePrincipals', displayName),
  }
}
