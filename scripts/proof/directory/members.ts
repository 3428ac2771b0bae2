import type { Entity } from './reader.ts'

/** The text at a member; empty for null and for what is not a string. */
export function text(entity: Entity | undefined, member: string): string {
  const value = entity?.[member]
  return typeof value === 'string' ? value : ''
}

/** The object at a member; empty for null. */
export function object(entity: Entity | undefined, member: string): Entity {
  const value = entity?.[member]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entity) : {}
}

/** The objects in the list at a member. */
export function objects(entity: Entity | undefined, member: string): readonly Entity[] {
  const value = entity?.[member]
  return Array.isArray(value) ? (value as Entity[]) : []
}

/** The texts in the list at a member. */
export function texts(entity: Entity | undefined, member: string): readonly string[] {
  const value = entity?.[member]
  return Array.isArray(value) ? value.map(String) : []
}

/** The text at a member; undefined for null and for an empty one. */
export function optionalText(entity: Entity, member: string): string | undefined {
  return text(entity, member) || undefined
}
