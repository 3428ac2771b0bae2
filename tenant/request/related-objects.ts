import { type Directory, findDirectoryObject, type Located } from '../directory/directory.ts'
import type { Link, Navigation } from '../model/entity-set.ts'
import { entitySet } from '../model/index.ts'
import { type Entity, strings } from '../store/entity.ts'

/** The one object that a single reference names; of a set without directory objects, where it leads to that alone. */
export function referencedOne(
  directory: Directory,
  { to: [first = '', ...others] }: Navigation & { readonly kind: 'references' },
  id: string,
): Located | undefined {
  const set = entitySet(first)
  if (others.length > 0 || set.directoryObject) return findDirectoryObject(directory, id)
  const entity = directory.store.get(set.name, id)
  return entity === undefined ? undefined : { set, entity }
}

/** The entities that join an object, as their holder or as their member, by a link. */
function joining(directory: Directory, link: Link, property: string, value: string): readonly Entity[] {
  return directory.store
    .find(link.set, property, value)
    .filter(({ data }) => Object.entries(link.where).every(([name, wanted]) => data[name] === wanted))
}

/** The directory objects that a link joins with a holder. */
export function joined(directory: Directory, holder: Located, link: Link): readonly Located[] {
  return joining(directory, link, link.holder, String(holder.entity.data[link.holderKey])).flatMap(
    ({ data }) => findDirectoryObject(directory, String(data[link.member])) ?? [],
  )
}

/** The holders that a link joins a directory object with. */
function holders(directory: Directory, member: Located, link: Link): readonly Located[] {
  const set = entitySet(link.of)
  return joining(directory, link, link.member, member.entity.id).flatMap(({ data }) =>
    directory.store
      .find(link.of, link.holderKey, String(data[link.holder]))
      .map((entity) => ({ set, entity })),
  )
}

/** The objects that an object refers to, and, where that is asked for, all that those refer to, each once. */
export function referenced(
  directory: Directory,
  located: Located,
  navigation: Navigation & { readonly kind: 'references' },
): readonly Located[] {
  const next = (from: Located): readonly Located[] =>
    strings(from.entity.data[navigation.property]).flatMap((id) => findDirectoryObject(directory, id) ?? [])
  return navigation.transitive ? closure(located, next) : next(located)
}

/** The objects that refer to an object or hold it by a link, and, where that is asked for, those of these, each once. */
export function referrers(
  directory: Directory,
  located: Located,
  navigation: Navigation & { readonly kind: 'referrers' },
): readonly Located[] {
  const next = (to: Located): readonly Located[] => [
    ...navigation.from.flatMap((name) => {
      const set = entitySet(name)
      return [...directory.store.all(name)]
        .filter((entity) => strings(entity.data[navigation.property]).includes(to.entity.id))
        .map((entity) => ({ set, entity }))
    }),
    ...(navigation.links ?? []).flatMap((link) => holders(directory, to, link)),
  ]
  return navigation.transitive ? closure(located, next) : next(located)
}

function closure(start: Located, next: (from: Located) => readonly Located[]): readonly Located[] {
  const found = new Map<string, Located>()
  const open = [start]
  for (let from = open.shift(); from !== undefined; from = open.shift()) {
    for (const each of next(from)) {
      if (found.has(each.entity.id)) continue
      found.set(each.entity.id, each)
      open.push(each)
    }
  }
  found.delete(start.entity.id)
  return [...found.values()]
}
