import { type Graph, notYetVisible } from '../client/graph.ts'
import { type Properties, texts } from '../protocol/wire.ts'
import { sameId } from './type.ts'

/** Graph binds at most this many owners when an object is created (Microsoft Graph: "Create application"). */
const BIND_LIMIT = 20

export interface OwnerPlan {
  /** Addresses for `owners@odata.bind`. */
  readonly bind: string[]
  /** Object ids to add once the object exists. */
  readonly later: string[]
  /** The caller is bound only while the object is made. */
  readonly releaseCaller: boolean
}

/**
 * Owners of an object to be created. The caller is always bound, so that `Application.ReadWrite.OwnedBy` is enough for
 * the steps that follow, and leaves again unless the program names it.
 */
export async function planOwners(graph: Graph, inputs: Properties): Promise<OwnerPlan> {
  const caller = await graph.session.objectId()
  const configured = texts(inputs['owners'])
  const others = configured.filter((id) => !sameId(id, caller))
  return {
    bind: [caller, ...others.slice(0, BIND_LIMIT - 1)].map((id) => graph.reference(id)),
    later: others.slice(BIND_LIMIT - 1),
    releaseCaller: others.length === configured.length,
  }
}

/** @param path of the owned object, such as `/applications/{id}` */
export async function settleOwners(graph: Graph, path: string, plan: OwnerPlan): Promise<void> {
  for (const id of plan.later) await addOwner(graph, path, id)
  if (!plan.releaseCaller) return
  const caller = await graph.session.objectId()
  await graph.remove(`${path}/owners/${caller}/$ref`, { retryWhen: notYetVisible })
}

/** Additions come first, so that the caller never stands without the ownership that its permission needs. */
export async function replaceOwners(graph: Graph, path: string, inputs: Properties): Promise<void> {
  const existing = await ownersOf(graph, path)
  const desired = texts(inputs['owners'])
  const missing = desired.filter((id) => !existing.some((owner) => sameId(owner, id)))
  const surplus = existing.filter((owner) => !desired.some((id) => sameId(id, owner)))
  for (const id of missing) await addOwner(graph, path, id)
  for (const id of surplus) await graph.remove(`${path}/owners/${id}/$ref`)
}

export async function ownersOf(graph: Graph, path: string): Promise<string[]> {
  return (await graph.list(`${path}/owners`)).map((owner) => String(owner['id'])).sort()
}

async function addOwner(graph: Graph, path: string, id: string): Promise<void> {
  await graph.post(`${path}/owners/$ref`, { '@odata.id': graph.reference(id) })
}
