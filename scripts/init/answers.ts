import { entryName } from '../../infra/declaration/schema/names.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { nameFor } from '../adopt/app-file.ts'
import { PIPELINES, type Pipeline } from './pipelines.ts'
import { STATES, type State } from './states.ts'

/** What a new project depends on. */
export interface Answers {
  /** Name of the first application. */
  readonly app: string
  /** Undefined: to be written later. */
  readonly tenant: string | undefined
  readonly state: State
  readonly pipeline: Pipeline
}

/** The answers as people write them, by option. */
export type GivenAnswers = { readonly [Key in keyof Answers]?: string }

interface Question<Key extends keyof Answers = keyof Answers> {
  readonly key: Key
  readonly text: string
  readonly preset: (folder: string) => string
  /** @throws Error whose message says what is expected */
  readonly parse: (text: string) => Answers[Key]
}

const LATER = 'later'

const question = <Key extends keyof Answers>(each: Question<Key>): Question<Key> => each

/** In the order in which they are asked. */
export const QUESTIONS = [
  question({
    key: 'app',
    text: 'Name of the first application',
    preset: (folder) => nameFor(folder, () => false),
    parse: parseName,
  }),
  question({
    key: 'tenant',
    text: `Tenant id, or "${LATER}"`,
    preset: () => LATER,
    parse: (text) => {
      if (text === LATER) return undefined
      if (isGuid(text)) return text.toLowerCase()
      throw new Error(`"${text}" is not a valid GUID; write the tenant id or "${LATER}"`)
    },
  }),
  question({
    key: 'state',
    text: `Where Pulumi keeps the state (${Object.keys(STATES).join(', ')})`,
    preset: () => 'local',
    parse: (text) => oneOf(text, Object.keys(STATES) as State[]),
  }),
  question({
    key: 'pipeline',
    text: `Pipeline (${PIPELINES.join(', ')})`,
    preset: () => 'none',
    parse: (text) => oneOf(text, PIPELINES),
  }),
] as const

/**
 * @returns the answers, with a preset for each that is not given
 * @throws Error naming the option whose value is wrong
 */
export function completeAnswers(given: GivenAnswers, folder: string): Answers {
  const parsed = QUESTIONS.map(({ key, preset, parse }) => {
    try {
      return [key, parse(given[key] ?? preset(folder))]
    } catch (error) {
      throw new Error(`--${key}: ${(error as Error).message}`)
    }
  })
  return Object.fromEntries(parsed) as unknown as Answers
}

/**
 * @returns the name of an application
 * @throws Error for a text that is not one
 */
export function parseName(text: string): string {
  const { success, error } = entryName.safeParse(text)
  if (success) return text
  throw new Error(`"${text}" is not a valid name: ${error.issues[0]?.message}`)
}

function oneOf<T extends string>(text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  throw new Error(`"${text}" must be one of: ${choices.join(', ')}`)
}
