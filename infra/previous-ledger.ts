import * as pulumi from '@pulumi/pulumi'
import { z } from 'zod'
import { type Ledger, ledger } from './generation.ts'

/** The stack's own record of its secrets is not one that this version understands. */
export class LedgerError extends Error {
  readonly code = 'UNREADABLE_LEDGER'

  constructor(cause: z.ZodError) {
    super(
      `The stack output "ledger" is not a ledger of this version: ${z.prettifyError(cause)}\nNothing was changed. Use the version of entra-apps that deployed this stack last, or a later one.`,
      { cause },
    )
    this.name = 'LedgerError'
  }
}

/**
 * The ledger of the last deployment, from this stack's own outputs: state and ledger cannot part, and nothing has to
 * be committed by a pipeline.
 *
 * @returns an empty ledger before the first deployment
 * @throws LedgerError
 */
export async function previousLedger(): Promise<Ledger> {
  const self = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`
  const { value } = await new pulumi.StackReference('self', { name: self }).getOutputDetails('ledger')
  const read = ledger.safeParse(value ?? {})
  if (!read.success) throw new LedgerError(read.error)
  return read.data
}

/**
 * The ledger with the entries of renamed applications under their present names, so that renaming issues no secret.
 *
 * @param apps the declared applications, with the names they had
 */
export function underPresentNames(
  previous: Ledger,
  apps: Readonly<Record<string, { readonly formerly: readonly string[] }>>,
): Ledger {
  return Object.entries(apps).reduce<Ledger>((ledger, [name, { formerly }]) => {
    const former = formerly.findLast((each) => Object.hasOwn(previous, each) && !Object.hasOwn(apps, each))
    if (Object.hasOwn(previous, name) || former === undefined) return ledger
    const { [former]: entry = {}, ...rest } = ledger
    return { ...rest, [name]: entry }
  }, previous)
}
