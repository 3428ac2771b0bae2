import { z } from 'zod'
import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { type LastProof, type LastProofs, lastProof } from '../proof/last-proofs.ts'

/** What is known of the proof of a credential, or of an application as a whole. */
export const provedMembers = {
  provedAt: z.string().exactOptional().describe('When `verify` or a rotation last proved it'),
  lastVerified: lastProof
    .omit({ provedAt: true })
    .exactOptional()
    .describe('How the last `verify` from this project directory came out'),
}

export const provedApplication = z.object({
  app: z.string(),
  clientId: z.string(),
  ...provedMembers,
  attention: z.string().exactOptional().describe('What somebody should look at'),
})

export type ProvedApplication = z.infer<typeof provedApplication>
export type Proved = Pick<ProvedApplication, 'provedAt' | 'lastVerified'>

/** Applications and identities as a whole: their consent, too. */
export function provedApplications(
  { apps, identities }: Pick<StackOutputs, 'apps' | 'identities'>,
  proofs: LastProofs | undefined,
): ProvedApplication[] {
  return Object.entries({ ...apps, ...identities }).map(([app, { clientId }]) => {
    const proved = provedBy(proofs?.get(clientId)?.app)
    const attention = attentionTo(proved)
    return { app, clientId, ...proved, ...(attention !== undefined && { attention }) }
  })
}

/** @param recordedAt when its rotation proved it, from the ledger */
export function provedBy(last: LastProof | undefined, recordedAt?: string): Proved {
  const [provedAt] = [last?.provedAt, recordedAt]
    .filter((at) => at !== undefined)
    .sort((a, b) => Date.parse(b) - Date.parse(a))
  return {
    ...(provedAt !== undefined && { provedAt }),
    ...(last && { lastVerified: { at: last.at, verdict: last.verdict } }),
  }
}

/** Only what is known to be wrong: what could not be asked may be as well as ever. */
export function attentionTo(proved: Proved): string | undefined {
  const verdict = laterThanProof(proved)?.verdict
  const isWrong = verdict === 'wrong' || verdict === 'notReady'
  return isWrong ? '`verify` did not prove it: run it for the reason' : undefined
}

/** The last `verify`, unless it proved it, or something has since. */
export function laterThanProof({ provedAt, lastVerified }: Proved): Proved['lastVerified'] {
  if (lastVerified === undefined || lastVerified.verdict === 'proved') return undefined
  return provedAt !== undefined && Date.parse(provedAt) >= Date.parse(lastVerified.at)
    ? undefined
    : lastVerified
}
