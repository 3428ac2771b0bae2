import type { BooleanProperty, CollectionProperty, StringProperty } from '../schema/property.ts'

// Result properties of data sources that say what one member of Graph's entity says. A path into an object has dots.

export function textOf(graph: string): StringProperty {
  return { type: 'string', graph }
}

export function textsOf(graph: string): CollectionProperty {
  return { type: 'list', graph, element: { type: 'string' } }
}

export function flagOf(graph: string): BooleanProperty {
  return { type: 'boolean', graph }
}
