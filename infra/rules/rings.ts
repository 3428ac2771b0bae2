/**
 * A ring through each name that is part of one: the names in order, each of which leads to the next and the last to the
 * first. Of rings that are entangled one is returned; the others show once that one is broken.
 *
 * @param names where to look, in the order in which rings are looked for
 * @param nextOf where a name leads to
 */
export function ringsIn(
  names: readonly string[],
  nextOf: (name: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const rings = new Map<string, readonly string[]>()
  for (const group of strongGroups(names, nextOf)) {
    const ring = ringWithin(group, nextOf)
    for (const [i, name] of ring.entries()) rings.set(name, [...ring.slice(i), ...ring.slice(0, i)])
  }
  return rings
}

/** The shortest ring through the first of a group in which everybody leads to everybody; none for one that is alone. */
function ringWithin(group: ReadonlySet<string>, nextOf: (name: string) => readonly string[]): string[] {
  const [start = ''] = group
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const name of queue) {
    for (const next of nextOf(name)) {
      if (next === start) return pathTo(name, start, cameFrom)
      if (!group.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, name)
      queue.push(next)
    }
  }
  return []
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end]
  while (path.at(-1) !== start) path.push(cameFrom.get(path.at(-1) ?? '') ?? start)
  return path.reverse()
}

interface Visit {
  readonly name: string
  readonly open: Iterator<string>
}

/** Tarjan's strongly connected components, without recursion: a chain of thousands must not exhaust the stack. */
function strongGroups(
  names: readonly string[],
  nextOf: (name: string) => readonly string[],
): ReadonlySet<string>[] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const pending: string[] = []
  const isPending = new Set<string>()
  const groups: ReadonlySet<string>[] = []
  const begin = (name: string): Visit => {
    order.set(name, order.size)
    low.set(name, order.size - 1)
    pending.push(name)
    isPending.add(name)
    return { name, open: nextOf(name)[Symbol.iterator]() }
  }
  const lower = (name: string, to: number) => low.set(name, Math.min(low.get(name) ?? to, to))
  for (const root of names) {
    if (order.has(root)) continue
    const visits = [begin(root)]
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const { value: next, done } = visit.open.next()
      if (!done) {
        if (!order.has(next)) visits.push(begin(next))
        else if (isPending.has(next)) lower(visit.name, order.get(next) ?? 0)
        continue
      }
      visits.pop()
      const parent = visits.at(-1)
      if (parent) lower(parent.name, low.get(visit.name) ?? 0)
      if (low.get(visit.name) !== order.get(visit.name)) continue
      const members = pending.splice(pending.lastIndexOf(visit.name))
      for (const member of members) isPending.delete(member)
      groups.push(new Set(members))
    }
  }
  return groups
}
