import { z } from 'zod'
import type { PulumiEnded } from '../stack/pulumi.ts'

const step = z.object({
  op: z.string(),
  urn: z.string(),
  newState: z.object({ type: z.string(), parent: z.string().optional() }).optional(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
})

/** The part of `pulumi preview --json` that is read ("pulumi preview"). */
const preview = z.object({
  steps: z.array(step).default([]),
  diagnostics: z
    .array(z.object({ urn: z.string().optional(), message: z.string(), severity: z.string() }))
    .default([]),
})

type Step = z.infer<typeof step>

/** What a preview of an adoption comes to. */
export interface PreviewVerdict {
  /** Resources that would be imported. */
  readonly imports: number
  /** What the declaration cannot say, by the application that is adopted. */
  readonly mismatches: Readonly<Record<string, readonly string[]>>
  /** Changes that have nothing to do with the adoption. */
  readonly others: readonly string[]
  /** What Pulumi said when it could not even preview. */
  readonly failure?: string
}

/** The message with which the engine marks an import that is not as the program has it. */
const MISMATCH = /inputs to import do not match/

const QUIET = new Set(['same', 'read', 'refresh', 'import'])

/**
 * Judges a preview: adopting imports, and creates nothing but components in the state.
 *
 * @param adopting names of the applications
 */
export function judgePreview(
  { code, stdout, output }: PulumiEnded,
  adopting: readonly string[],
): PreviewVerdict {
  const read = preview.safeParse(parse(stdout))
  if (!read.success) return { imports: 0, mismatches: {}, others: [], failure: output }
  const { steps, diagnostics } = read.data
  const errors = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message.trim())
  const unequal = new Set(
    diagnostics.filter(({ message }) => MISMATCH.test(message)).map(({ urn }) => urn ?? ''),
  )
  const wrong = steps.filter((each) => !isQuiet(each) || unequal.has(each.urn))
  const ownerOf = (each: Step) => {
    const name = nameIn(each.newState?.parent ?? each.urn)
    return adopting.includes(name) ? name : undefined
  }
  const own = wrong.filter((each) => ownerOf(each) !== undefined)
  const failed = code !== 0 || errors.length > 0
  return {
    imports: steps.filter(({ op }) => op === 'import').length,
    mismatches: Object.fromEntries(
      Object.entries(Object.groupBy(own, (each) => ownerOf(each)!)).map(([name, each = []]) => [
        name,
        each.map(describe),
      ]),
    ),
    others: wrong.filter((each) => !own.includes(each)).map(describe),
    ...(failed && { failure: errors.join('\n') || output }),
  }
}

/** Components, providers and the stack are in the state alone. */
function isQuiet({ op, urn, newState }: Step): boolean {
  // A provider that nothing uses any more is deleted.
  if (QUIET.has(op) || urn.includes('::pulumi:providers:')) return true
  const type = newState?.type ?? ''
  return op === 'create' && /^(entra-apps:index:|pulumi:pulumi:Stack$|pulumi:providers:)/.test(type)
}

function describe({ op, urn, newState, detailedDiff }: Step): string {
  const type = (newState?.type ?? urn.split('::')[2] ?? '').split('$').at(-1)?.split(':').at(-1)
  const fields = Object.keys(detailedDiff ?? {})
  const differs = fields.length > 0 ? ` (${fields.join(', ')})` : ''
  return `${op === 'import' ? 'differs' : op} ${type} ${nameIn(urn)}${differs}`
}

function nameIn(urn: string): string {
  return urn.split('::').at(-1) ?? urn
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
