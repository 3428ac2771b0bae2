import { createInterface } from 'node:readline/promises'
import { Interrupted } from '../lib/errors.ts'
import { type GivenAnswers, QUESTIONS } from './answers.ts'

export interface Dialogue {
  /** @throws whatever ends the dialogue */
  readonly ask: (prompt: string) => Promise<string>
  readonly note: (text: string) => void
}

/** Asks each question that has no answer yet, and again where the answer is wrong. */
export async function askMissing(
  given: GivenAnswers,
  folder: string,
  { ask, note }: Dialogue,
): Promise<GivenAnswers> {
  const answers: Record<string, string | undefined> = { ...given }
  for (const { key, text, preset, parse } of QUESTIONS) {
    while (answers[key] === undefined) {
      const answer = (await ask(`${text} [${preset(folder)}]: `)).trim() || preset(folder)
      try {
        parse(answer)
        answers[key] = answer
      } catch (error) {
        note(`${(error as Error).message}.`)
      }
    }
  }
  return answers
}

/**
 * Runs `work` with a way to ask on the terminal.
 *
 * @throws Interrupted on Ctrl-C, Ctrl-D and when the signal fires
 */
export async function withQuestions<T>(
  signal: AbortSignal,
  work: (ask: Dialogue['ask']) => Promise<T>,
): Promise<T> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new AbortController()
  const stop = () => ended.abort()
  lines.once('SIGINT', stop).once('close', stop)
  try {
    return await work((prompt) => lines.question(prompt, { signal: AbortSignal.any([signal, ended.signal]) }))
  } catch (error) {
    throw ended.signal.aborted || signal.aborted ? new Interrupted() : error
  } finally {
    lines.close()
  }
}
