import type { AdoptedObject } from '../../infra/contract/adoption.ts'

/** What one side of a registration comes to. */
export interface Adoptable {
  /** Settings of the declaration; those at their defaults are left out. */
  readonly declaration?: Readonly<Record<string, unknown>>
  /** Order of lists that differ from ours. */
  readonly listOrder?: Readonly<Record<string, string[]>>
  /** Objects to import. */
  readonly objects?: readonly AdoptedObject[]
  /** What stays in the directory as it is, undeclared. Sentences without a full stop. */
  readonly leftAlone?: readonly string[]
  /** What stands in the way of adopting, and how to fix it. Sentences without a full stop. */
  readonly notAdoptable?: readonly string[]
}

/** A whole registration, ready to be adopted. */
export type AdoptableRegistration = { readonly [K in keyof Adoptable]-?: NonNullable<Adoptable[K]> }

/** The parts as one; a setting is in one of them only. */
export function combine(parts: readonly Adoptable[]): AdoptableRegistration {
  return {
    declaration: Object.assign({}, ...parts.map(({ declaration }) => declaration)),
    listOrder: Object.assign({}, ...parts.map(({ listOrder }) => listOrder)),
    objects: parts.flatMap(({ objects = [] }) => objects),
    leftAlone: parts.flatMap(({ leftAlone = [] }) => leftAlone),
    notAdoptable: parts.flatMap(({ notAdoptable = [] }) => notAdoptable),
  }
}

/** The members that say something: no empty text, list or mapping, no `false`, nothing undefined. */
export function withoutEmpty(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)))
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === undefined || value === null || value === '' || value === false
}
