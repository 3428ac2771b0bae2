import type { AppDeclarationInput } from '../../../../infra/declaration/schema.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { judge } from '../../../../infra/rules/registry.ts'
import type { Finding, RuleContext } from '../../../../infra/rules/rule.ts'
import { mapValues } from '../../../../lib/map-values.ts'

/** A declaration to judge; its display name is filled in. */
export type Declared = Partial<AppDeclarationInput>

/** An application, with others of its stack and circumstances where they matter. */
export interface Case {
  readonly app: Declared
  /** Other applications of the stack; they come first. */
  readonly others?: Readonly<Record<string, Declared>>
  /** Other applications that come after it. */
  readonly after?: Readonly<Record<string, Declared>>
  readonly context?: Partial<RuleContext>
}

/** A declaration that breaks a rule, and what the rule says about it: `path: message` for each place. */
export type FailingCase = readonly [given: Declared | Case, ...says: [string, ...string[]]]

/** Declarations that keep a rule and ones that break it, at the edge where the rule has one. */
export interface RuleCases {
  readonly pass: readonly (Declared | Case)[]
  readonly fail: readonly FailingCase[]
}

export type Cases = Readonly<Record<`EA${number}`, RuleCases>>

/** Every finding about the case's application, which is called `app`. */
export function findingsOf(given: Declared | Case): Finding[] {
  const { app, others = {}, after = {}, context = {} } = isCase(given) ? given : { app: given }
  const declared = { ...others, app, ...after }
  const apps = mapValues(declared, (each, name) =>
    appDeclaration.parse({ displayName: `The ${name}`, ...each }),
  )
  const self = apps['app']
  if (!self) throw new Error('a case has an application')
  return judge(self, {
    name: 'app',
    apps,
    now: new Date('2026-06-01T00:00:00Z'),
    cloud: 'public',
    read: () => undefined,
    env: {},
    catalogue: new Map(),
    ...context,
  })
}

export function isCase(given: Declared | Case): given is Case {
  return 'app' in given
}

export const PERSONAL = { signInAudience: 'AzureADandPersonalMicrosoftAccount' } as const

/** A text of exactly this length. */
export const text = (length: number, start = ''): string => start + 'x'.repeat(length - start.length)

/** That many entries, numbered from 0. */
export const many = <T>(count: number, entry: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => entry(i))

/** That many named entries. */
export const named = <T>(count: number, value: T, name = (i: number) => `e${i}`): Record<string, T> =>
  Object.fromEntries(many(count, (i) => [name(i), value]))
