import { z } from 'zod'
import { mapValues } from '../../lib/map-values.ts'
import { type DeclaredIdentity, grantedAsApplication, identityDeclaration } from '../declaration/identity.ts'
import { parsePartially } from '../declaration/parse-partially.ts'
import type { Problem } from '../declaration/problems.ts'
import { reservedNames } from '../declaration/reserved-names.ts'
import { entryName } from '../declaration/schema/names.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { shapeProblems } from '../declaration/shape-problems.ts'
import { judge, shapeFinding } from './registry.ts'
import type { Finding } from './rule.ts'
import { type Checked, contextOf, outcome, type ReadingOptions } from './validate.ts'

/** Identities whose form is checked. */
export interface ParsedIdentities {
  /** What can be read of each. */
  readonly identities: Readonly<Record<string, DeclaredIdentity>>
  /** Mistakes of form; paths start at the identity's name. */
  readonly shape: readonly Finding[]
  /** The path as it is written, of a path in {@link identities}. */
  readonly pathAsWritten: (path: Problem['path']) => Problem['path']
}

const identitiesByName = z.record(entryName, z.unknown())

/** Checks the form of the value of the config key `identities`; `undefined` declares none. */
export function parseIdentities(value: unknown = {}): ParsedIdentities {
  const whole = identitiesByName.safeParse(value, { reportInput: true })
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  const parsed = mapValues(isMapping ? (value as Record<string, unknown>) : {}, parseIdentity)
  return {
    identities: Object.fromEntries(
      Object.entries(parsed).flatMap(([name, { identity }]) => (identity ? [[name, identity]] : [])),
    ),
    shape: [
      ...(whole.success ? [] : toFindings(whole.error, identitiesByName)),
      ...reservedNames(value).map(shapeFinding),
      ...Object.entries(parsed).flatMap(([name, { shape }]) =>
        shape.map((finding) => ({ ...finding, path: [name, ...finding.path] })),
      ),
    ],
    pathAsWritten: ([name, ...path]) =>
      name === undefined ? [] : [name, ...(parsed[name]?.pathAsWritten(path) ?? path)],
  }
}

function parseIdentity(value: unknown, name: string) {
  const asWritten = (path: Problem['path']) => path
  const parsed = identityDeclaration.safeParse(value, { reportInput: true })
  if (parsed.success) {
    return { identity: grantedAsApplication(name, parsed.data), shape: [], pathAsWritten: asWritten }
  }
  const partial = parsePartially(identityDeclaration, value)
  return {
    identity: partial && grantedAsApplication(name, partial.value),
    shape: toFindings(parsed.error, identityDeclaration),
    pathAsWritten: partial?.pathAsWritten ?? asWritten,
  }
}

/**
 * Judges every identity by the rules about what an application is granted.
 *
 * @param apps the applications of the stack, whose permissions may be granted
 * @returns findings with paths from the config key down
 */
export function judgeIdentities(
  { identities, shape, pathAsWritten }: ParsedIdentities,
  apps: Readonly<Record<string, AppDeclaration>>,
  options: ReadingOptions = {},
): readonly Finding[] {
  const incomplete = new Set(shape.map(({ path }) => String(path[0])))
  const judged = Object.entries(identities).flatMap(([name, { app }]) =>
    judge(app, { ...contextOf(name, apps, options), incomplete }).map((finding) => ({
      ...finding,
      path: pathAsWritten([name, ...finding.path]),
    })),
  )
  const taken = Object.keys(identities)
    .filter((name) => Object.hasOwn(apps, name))
    .map((name) =>
      shapeFinding({
        path: [name],
        message: `an application of the stack is called "${name}", too`,
        fix: 'rename the identity: the name leads to its resources, and to its lines in reports',
      }),
    )
  return [...shape, ...taken, ...judged].map((finding) => ({
    ...finding,
    path: ['identities', ...finding.path],
  }))
}

/** Checks the value of the config key `identities`: its form, then the rules. */
export function readIdentities(
  value: unknown,
  apps: Readonly<Record<string, AppDeclaration>>,
  options: ReadingOptions = {},
): Checked<Readonly<Record<string, DeclaredIdentity>>> {
  const parsed = parseIdentities(value)
  return outcome(parsed.identities, judgeIdentities(parsed, apps, options))
}

function toFindings(error: z.ZodError, schema: z.ZodType): Finding[] {
  return error.issues.flatMap((issue) => shapeProblems(issue, schema)).map(shapeFinding)
}
