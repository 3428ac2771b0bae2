import type { Readable } from 'node:stream'
import { Mask } from '../lib/mask.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import type { Delivery } from './target.ts'

/** What code of the project may say about a failure, in characters. */
const KEPT_OUTPUT = 2000

/** What is kept of its output until it is masked, in characters: much more than any secret is long. */
const MOST_OUTPUT = 262_144

/**
 * What is said on streams, at the end whole lines of it: a part of a secret could not be masked.
 *
 * @returns a function that returns what was said so far
 */
export function collect(...streams: readonly (Readable | null)[]): () => string {
  let said = ''
  let isCut = false
  for (const stream of streams) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.length <= MOST_OUTPUT) return
      isCut = true
      said = said.slice(-MOST_OUTPUT)
    })
  }
  return () => (isCut ? said.slice(said.indexOf('\n') + 1 || said.length) : said)
}

/** The end of what code of the project said, without the value and what else is secret in its environment. */
export function showable(
  said: string,
  { value }: Pick<Delivery, 'value'>,
  { env, pass }: { readonly env: NodeJS.ProcessEnv; readonly pass: readonly string[] },
): string {
  const mask = new Mask()
  mask.add(value, ...pass.map((name) => env[name]), ...secretsIn(env))
  return mask.apply(said).trim().slice(-KEPT_OUTPUT)
}
