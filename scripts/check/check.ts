import { readdirSync } from 'node:fs'
import type { Place } from '../../infra/declaration/app-files.ts'
import { DeclarationError, type Problem, renderPath } from '../../infra/declaration/problems.ts'
import { projectReader, readStackDeclaration } from '../../infra/declaration/stack-declaration.ts'
import { judgeIdentities, parseIdentities } from '../../infra/rules/identities.ts'
import { shapeFinding } from '../../infra/rules/registry.ts'
import type { Finding, RuleContext } from '../../infra/rules/rule.ts'
import { judgeDeclaration, parseDeclaration } from '../../infra/rules/validate.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { CommandError } from '../lib/errors.ts'

/** A finding with its place in a file, and the stacks that have it. */
export interface PlacedFinding extends Finding {
  readonly place: Place
  readonly stacks: readonly string[]
}

export interface CheckReport {
  readonly stacks: readonly string[]
  /** Ordered by file and line. */
  readonly findings: readonly PlacedFinding[]
}

export interface CheckInput {
  readonly projectDir: string
  readonly stacks: readonly string[]
  /** Default: now. */
  readonly now?: Date
  /** Published permission names of Microsoft's APIs. Default: names are not checked. */
  readonly catalogue?: RuleContext['catalogue']
}

/** Every stack of a project, by its `Pulumi.<stack>.yaml`. */
export function stacksOf(projectDir: string): string[] {
  return readdirSync(projectDir)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort()
}

/**
 * @param wanted name of the stack; left out, the project must have exactly one
 * @throws CommandError NO_STACK
 */
export function stackFromFiles(projectDir: string, wanted: string | undefined): string {
  const all = stacksOf(projectDir)
  const stack = wanted ?? (all.length === 1 ? all[0] : undefined)
  if (stack !== undefined && all.includes(stack)) return stack
  const problem = wanted === undefined ? 'Name a stack with --stack' : `There is no stack "${wanted}"`
  throw new CommandError('NO_STACK', `${problem}. Stacks in ${projectDir}: ${all.join(', ') || 'none'}.`)
}

/**
 * Checks what stacks declare against every rule, from their files alone: no engine, no tenant.
 *
 * A finding in a shared file appears once, however many stacks have it.
 */
export function checkProject({ stacks, ...input }: CheckInput): CheckReport {
  const placed = stacks.flatMap((stack) => checkStack(stack, input))
  const merged = new Map<string, PlacedFinding>()
  for (const finding of placed) {
    const key = JSON.stringify([finding.place, finding.code, finding.message])
    const known = merged.get(key)
    merged.set(key, known ? { ...known, stacks: [...known.stacks, ...finding.stacks] } : finding)
  }
  return { stacks, findings: [...merged.values()].sort(byPlace) }
}

function checkStack(
  stack: string,
  { projectDir, now, catalogue }: Omit<CheckInput, 'stacks'>,
): PlacedFinding[] {
  try {
    const declared = readStackDeclaration(projectDir, stack)
    const options = {
      ...(now && { now }),
      ...(catalogue && { catalogue }),
      cloud: cloudOf(declared.config['azuread:environment'], process.env),
      read: projectReader(projectDir),
      env: process.env,
    }
    const parsed = parseDeclaration(declared.value, declared.identities !== undefined)
    const findings = [
      ...judgeDeclaration(parsed, options),
      ...judgeIdentities(parseIdentities(declared.identities), parsed.apps, options),
    ]
    return findings.map((finding) => ({ ...finding, place: declared.locate(finding.path), stacks: [stack] }))
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error
    return error.problems.map((problem) => unreadable(problem, stack, error.source))
  }
}

/** A file that is not valid YAML: its one problem names the line instead of a path. */
function unreadable(problem: Problem, stack: string, file: string): PlacedFinding {
  const line = Number(/\d+/.exec(renderPath(problem.path))?.[0] ?? 1)
  return { ...shapeFinding(problem), place: { file, line, column: 1 }, stacks: [stack] }
}

function byPlace({ place: a }: PlacedFinding, { place: b }: PlacedFinding): number {
  return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column
}
