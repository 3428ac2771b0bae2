/** Anything JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** The stored properties of an entity, hidden ones included. */
export type Data = { readonly [name: string]: Json }

/** One object of the directory as the store keeps it. */
export interface Entity {
  readonly id: string
  /** Grows with each creation; the order of lists, and where a page of one starts. */
  readonly sequence: number
  readonly data: Data
}

/** Whether a JSON value is an object, not a list and not null. */
export function isObject(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list of strings held in `data`; absent or null counts as empty. */
export function strings(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : []
}

/** A list of objects held in `data`; absent or null counts as empty. */
export function objects(value: Json | undefined): readonly Data[] {
  return Array.isArray(value) ? (value as readonly Data[]) : []
}
