import { type ExecFileOptions, execFile } from 'node:child_process'
import { expect } from 'vitest'
import type { Step } from '../../../scripts/docs/clients/client.ts'
import type { Answer } from '../../conformance/tenant/client.ts'

/** Of one program, in milliseconds. */
const TIMEOUT = 60_000

/** What `$NAME` in steps stands for. */
export type Names = Record<string, string>

/** Carries out one step and gives its answer; what it throws is a refusal. */
export type Carry = (run: string, names: Names) => Promise<Answer>

/** What a program that uses a library prints for each of its calls, a line each. */
interface Printed {
  readonly run: string
  readonly answer?: Answer
  readonly error?: string
}

/** Checks the steps that one program ran, in its order: these and no more. */
export async function checkPrinted(steps: readonly Step[], names: Names, lines: string): Promise<void> {
  const printed: Printed[] = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(printed.map(({ run }) => run)).toEqual(steps.map(({ run }) => run))
  await runSteps(steps, names, async () => {
    const { answer, error } = printed.shift() ?? {}
    if (error !== undefined) throw new Error(error)
    return answer
  })
}

/** Runs the steps one after the other and checks what each answers. */
export async function runSteps(steps: readonly Step[], names: Names, carry: Carry): Promise<void> {
  for (const step of steps) {
    await runStep(step, names, carry).catch((cause: unknown) => {
      throw new Error(`${step.run}\n${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    })
  }
}

async function runStep(step: Step, names: Names, carry: Carry): Promise<void> {
  const answering = carry(step.run, names)
  if (step.refused !== undefined) {
    await expect(answering).rejects.toThrow(step.refused)
    return
  }
  const answer = await answering
  if (step.answer !== undefined) expectAnswer(answer, filled(step.answer, names))
  for (const [name, path] of Object.entries(step.keep ?? {})) {
    const value = path.split('.').reduce((within, member) => within?.[member], answer)
    if (typeof value !== 'string') throw new Error(`the answer has no text "${path}"`)
    names[name] = value
  }
}

function expectAnswer(answer: Answer, expected: unknown): void {
  if (typeof expected === 'object' && expected !== null) expect(answer).toMatchObject(expected)
  else expect(answer).toEqual(expected)
}

/** Words as a shell makes them: quotes hold blanks together, and `$NAME` is replaced within either kind. */
export function wordsOf(run: string, names: Names): string[] {
  const words = run.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map((word) => {
    const bare = word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double)
    return fill(bare, names)
  })
}

function filled(value: unknown, names: Names): unknown {
  return JSON.parse(JSON.stringify(value), (_, member) =>
    typeof member === 'string' ? fill(member, names) : member,
  )
}

function fill(text: string, names: Names): string {
  return text.replace(/\$([A-Z][A-Z_]*)/g, (_, name: string) => {
    const value = names[name]
    if (value === undefined) throw new Error(`nothing kept $${name}`)
    return value
  })
}

/** Runs a program and reads the JSON that it prints; undefined when it prints nothing. */
export async function runJson(
  program: string,
  args: readonly string[],
  options: ExecFileOptions,
): Promise<Answer> {
  const stdout = await runText(program, args, options)
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

/** Runs a program and reads what it prints. */
export function runText(program: string, args: readonly string[], options: ExecFileOptions): Promise<string> {
  const all = { timeout: TIMEOUT, ...options, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], all, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.code ?? error.signal}: ${stderr || stdout}`))
      else resolve(stdout)
    })
    // Nobody answers questions.
    child.stdin?.end()
  })
}
