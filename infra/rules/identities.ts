import { z } from 'zod'
import { mapValues } from '../../lib/map-values.ts'
import { type DeclaredIdentity, grantedAsApplication, identityDeclaration } from '../declaration/identity.ts'
import type { Problem } from '../declaration/problems.ts'
import { entryName } from '../declaration/schema/names.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { parseEntries } from './parse-entries.ts'
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
  const parsed = parseEntries(value, { whole: identitiesByName, entry: identityDeclaration })
  const { entries, shape, pathAsWritten } = parsed
  const identities = mapValues(entries, (declared, name) => grantedAsApplication(name, declared))
  return { identities, shape, pathAsWritten }
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
