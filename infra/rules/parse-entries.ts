import type { z } from 'zod'
import { mapValues } from '../../lib/map-values.ts'
import { parsePartially } from '../declaration/parse-partially.ts'
import type { Problem } from '../declaration/problems.ts'
import { reservedNames } from '../declaration/reserved-names.ts'
import { shapeProblems } from '../declaration/shape-problems.ts'
import { shapeFinding } from './registry.ts'
import type { Finding } from './rule.ts'

type Path = Problem['path']

/** One application or identity whose form is checked. */
export interface ParsedEntry<T> {
  /** What can be read of it, with every default filled in; `undefined` when that is nothing. */
  readonly value: T | undefined
  readonly shape: readonly Finding[]
  /** The path as it is written, of a path in {@link value}. */
  readonly pathAsWritten: (path: Path) => Path
}

/** The same of all that stand under one config key. */
export interface ParsedEntries<T> {
  /** What can be read of each, by name. */
  readonly entries: Record<string, T>
  /** Mistakes of form; paths start at the entry's name. */
  readonly shape: readonly Finding[]
  /** The path as it is written, of a path in {@link entries}. */
  readonly pathAsWritten: (path: Path) => Path
}

/** Checks the form of one entry, and reads what can be read in spite of mistakes. */
export function parseEntry<T>(value: unknown, schema: z.ZodType<T>): ParsedEntry<T> {
  const asWritten = (path: Path) => path
  const parsed = schema.safeParse(value, { reportInput: true })
  if (parsed.success) return { value: parsed.data, shape: [], pathAsWritten: asWritten }
  const partial = parsePartially(schema, value)
  return {
    value: partial?.value,
    shape: toFindings(parsed.error, schema),
    pathAsWritten: partial?.pathAsWritten ?? asWritten,
  }
}

/**
 * Checks the form of what stands under a config key.
 *
 * @param whole of the mapping itself; each entry is checked by its own schema
 */
export function parseEntries<T>(
  value: unknown,
  { whole, entry }: { readonly whole: z.ZodType; readonly entry: z.ZodType<T> },
): ParsedEntries<T> {
  const mapping = whole.safeParse(value, { reportInput: true })
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  const parsed = mapValues(isMapping ? (value as Record<string, unknown>) : {}, (each) =>
    parseEntry(each, entry),
  )
  return {
    entries: Object.fromEntries(
      Object.entries(parsed).flatMap(([name, each]) =>
        each.value === undefined ? [] : [[name, each.value]],
      ),
    ),
    shape: [
      ...(mapping.success ? [] : toFindings(mapping.error, whole)),
      ...reservedNames(value).map(shapeFinding),
      ...Object.entries(parsed).flatMap(([name, { shape }]) =>
        shape.map((finding) => ({ ...finding, path: [name, ...finding.path] })),
      ),
    ],
    pathAsWritten: ([name, ...path]) =>
      name === undefined ? [] : [name, ...(parsed[name]?.pathAsWritten(path) ?? path)],
  }
}

function toFindings(error: z.ZodError, schema: z.ZodType): Finding[] {
  return error.issues.flatMap((issue) => shapeProblems(issue, schema)).map(shapeFinding)
}
