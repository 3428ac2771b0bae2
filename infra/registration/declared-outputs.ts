import * as pulumi from '@pulumi/pulumi'
import { isObject } from '../../lib/is-object.ts'
import { mapValues } from '../../lib/map-values.ts'
import { substituteAt } from '../declaration/output-settings.ts'
import { hasPlaceholder } from '../declaration/placeholders.ts'
import { DeclarationError, type Problem } from '../declaration/problems.ts'
import type { AppDeclaration, AppDeclarationInput } from '../declaration/schema.ts'
import type { Checked } from '../rules/validate.ts'
import { logWarnings } from './log-warnings.ts'

type Path = Problem['path']

/** The settings that hold some that take outputs (`OUTPUT_SETTINGS`). */
type TakingOutputs =
  | 'displayName'
  | 'description'
  | 'notes'
  | 'serviceManagementReference'
  | 'redirectUris'
  | 'web'
  | 'info'
  | 'servicePrincipal'
  | 'federatedCredentials'

type WithOutputs<T> = T extends string
  ? string extends T
    ? pulumi.Input<string>
    : T
  : T extends object
    ? { [K in keyof T]: WithOutputs<T[K]> }
    : T

/** A declaration in a program, where values may be outputs of other resources. */
export type AppInput = Omit<AppDeclarationInput, TakingOutputs> &
  WithOutputs<Pick<AppDeclarationInput, TakingOutputs>>

interface DeclaredOutput {
  readonly path: Path
  readonly substitute: string
  readonly value: pulumi.Output<unknown>
}

/** A declaration with the outputs of other resources taken out of it. */
export interface TakenOutputs {
  /** With a substitute in the place of each. */
  readonly declaration: unknown
  readonly outputs: readonly DeclaredOutput[]
  /** Those that stand where no output can be; paths start at the application's settings. */
  readonly problems: readonly Problem[]
}

/** Takes out what is not known before another resource is made, so that everything else is judged before anything is. */
export function takeOutputs(declared: unknown): TakenOutputs {
  const outputs: DeclaredOutput[] = []
  const problems: Problem[] = []
  const declaration = mapLeaves(declared, [], (leaf, path) => {
    if (!pulumi.Output.isInstance(leaf) && !(leaf instanceof Promise)) return leaf
    const substitute = substituteAt(path, outputs.length)
    if (substitute !== undefined) outputs.push({ path, substitute, value: pulumi.output(leaf) })
    else problems.push(refusal(path))
    return substitute
  })
  return { declaration, outputs, problems }
}

function refusal(path: Path): Problem {
  const message = 'the output of another resource cannot stand here: it is not known before that is made'
  return {
    path,
    message,
    fix: 'write the value itself; docs/languages.md lists the settings that take outputs',
  }
}

/** Puts outputs back wherever their substitutes went: into the properties of resources, and into what is recorded. */
export type Restore = <T>(value: T) => T

type Check = (declaration: unknown) => Checked<AppDeclaration>

/**
 * @param check judges the declaration once every output is known
 * @param source names it in messages
 * @returns outputs that fail with a DeclarationError where the declaration breaks a rule with their values
 */
export function restoring(taken: TakenOutputs, check: Check, source: string): Restore {
  const { outputs } = taken
  if (outputs.length === 0) return (value) => value
  const values = pulumi
    .all(outputs.map(({ value }) => value))
    .apply((known) => judgedValues(taken, known, check, source))
  const restored = (text: string, known: readonly string[]) =>
    outputs.reduce((whole, { substitute }, i) => whole.replaceAll(substitute, known[i] ?? ''), text)
  const restore = <T>(value: T): T =>
    mapLeaves(value, [], (leaf) => {
      if (pulumi.Output.isInstance(leaf)) return leaf.apply((inner) => pulumi.output(restore(inner)))
      if (typeof leaf !== 'string' || !outputs.some(({ substitute }) => leaf.includes(substitute)))
        return leaf
      return values.apply((known) => restored(leaf, known))
    }) as T
  return restore
}

/**
 * The values as the declaration keeps them, in the order of the outputs.
 *
 * @throws DeclarationError
 */
export function judgedValues(
  { declaration, outputs }: TakenOutputs,
  known: readonly unknown[],
  check: Check,
  source: string,
): string[] {
  const result = check(withValues(declaration, outputs, known))
  logWarnings(result.warnings.filter(({ path }) => outputs.some((each) => isSame(each.path, path))))
  const problems = [...(result.ok ? [] : result.problems), ...outputs.flatMap(placeholderIn(known))]
  if (!result.ok || problems.length > 0) throw new DeclarationError(problems, source)
  return outputs.map(({ path }) => String(at(result.value, path)))
}

/** The ids are filled in before outputs are known. */
function placeholderIn(known: readonly unknown[]) {
  return ({ path }: DeclaredOutput, i: number): Problem[] =>
    typeof known[i] === 'string' && hasPlaceholder(known[i])
      ? [{ path, message: 'an output with {clientId} or {tenantId} is not filled in', fix: 'write the ids' }]
      : []
}

function withValues(declaration: unknown, outputs: readonly DeclaredOutput[], known: readonly unknown[]) {
  return mapLeaves(declaration, [], (leaf, path) => {
    const index = outputs.findIndex((each) => isSame(each.path, path))
    return index < 0 ? leaf : known[index]
  })
}

function mapLeaves(value: unknown, path: Path, replace: (leaf: unknown, path: Path) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each, i) => mapLeaves(each, [...path, i], replace))
  if (!isObject(value) || pulumi.Output.isInstance(value) || value instanceof Promise)
    return replace(value, path)
  return mapValues(value, (each, key) => mapLeaves(each, [...path, key], replace))
}

function at(root: unknown, path: Path): unknown {
  return path.reduce((node, step) => (node as Readonly<Record<string, unknown>> | undefined)?.[step], root)
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i])
}
