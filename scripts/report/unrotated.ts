import { z } from 'zod'
import type { FederationOutputs, StackOutputs } from '../../infra/contract/outputs.ts'
import { DAY } from '../../lib/duration.ts'
import type { ForeignKey } from '../proof/directory/held-keys.ts'
import type { LastProof, LastProofs } from '../proof/last-proofs.ts'
import { attentionTo, type Proved, provedBy, provedMembers } from './proofs.ts'

/** A given certificate, one that signs SAML tokens, a federated credential, or what somebody else made: there are no generations of it, and nothing to deliver. */
export const unrotatedCredential = z.object({
  app: z.string(),
  name: z.string().describe('As declared; the display name of what somebody else made'),
  kind: z.enum(['secret', 'certificate', 'signing', 'federated']),
  foreign: z.literal(true).exactOptional().describe('Somebody else made it: it is in no state'),
  keyId: z.string().exactOptional(),
  thumbprint: z.string().exactOptional().describe('SHA-1 of a certificate'),
  endDate: z.string().exactOptional().describe('Of a certificate; a federated credential has no end'),
  issuer: z.string().exactOptional().describe('Of a federated credential, like subject and audience'),
  subject: z.string().exactOptional(),
  expression: z.string().exactOptional().describe('Of a flexible one, in place of a subject'),
  audience: z.string().exactOptional(),
  ...provedMembers,
  lastUsedAt: z.string().exactOptional().describe("From the tenant's report; left out where there is none"),
  attention: z.string().exactOptional().describe('What somebody should look at'),
  failing: z.boolean().describe('It ends within the time that was asked about'),
})

export type UnrotatedCredential = z.infer<typeof unrotatedCredential>

export interface UnrotatedInput {
  readonly outputs: Pick<StackOutputs, 'apps'>
  /** Secrets and certificates of the applications that somebody else made. Default: none. */
  readonly foreign?: readonly ForeignKey[]
  readonly lastUses: ReadonlyMap<string, Date> | undefined
  /** How `verify` came out. Default: nobody has run it. */
  readonly proofs?: LastProofs
  readonly now: Date
  /** A certificate that ends earlier than this many milliseconds from now fails the report. */
  readonly failWithin?: number
}

/** Nobody replaces a given certificate but people, so they are told this early. */
const SOON_MS = 30 * DAY

/** What a stack has beside the credentials that are rotated. */
export function unrotatedOf(input: UnrotatedInput): UnrotatedCredential[] {
  const declared = Object.entries(input.outputs.apps).flatMap(
    ([app, { clientId, certificates, federatedCredentials, signingCertificates = {} }]) => {
      const verified = input.proofs?.get(clientId)?.credentials ?? {}
      return [
        ...Object.entries(certificates).flatMap(([name, all]) =>
          all
            .filter(({ generation }) => generation === undefined)
            .map(({ keyId, thumbprint, endDate }) =>
              given({ app, name, keyId, thumbprint, endDate, ...provedBy(verified[keyId]) }, input),
            ),
        ),
        // One that does not sign may expire: nobody misses it.
        ...Object.entries(signingCertificates).flatMap(([name, { active, ...facts }]) =>
          active ? [{ ...given({ app, name, ...facts }, input), kind: 'signing' as const }] : [],
        ),
        ...Object.entries(federatedCredentials).map(([name, trusted]) =>
          federated({ app, name }, trusted, verified[name]),
        ),
      ]
    },
  )
  return [...declared, ...(input.foreign ?? []).map((each) => foreign(each, input))]
}

/** It never fails the report: nobody here can renew it. */
function foreign(
  { app, kind, keyId, displayName, endDate }: ForeignKey,
  { lastUses }: UnrotatedInput,
): UnrotatedCredential {
  const lastUse = lastUses?.get(keyId)
  return {
    app,
    name: displayName || keyId,
    kind,
    foreign: true,
    keyId,
    ...(endDate !== undefined && { endDate }),
    ...(lastUse && { lastUsedAt: lastUse.toISOString() }),
    attention: `it is in no state: somebody else made it, or a killed run (\`rotate --prune\`); key id ${keyId}`,
    failing: false,
  }
}

function given(
  certificate: Proved & { app: string; name: string; keyId: string; thumbprint: string; endDate: string },
  { lastUses, now, failWithin = 0 }: UnrotatedInput,
): UnrotatedCredential {
  const lastUse = lastUses?.get(certificate.keyId)
  const left = Date.parse(certificate.endDate) - now.getTime()
  const attention = left <= 0 ? 'it has expired' : left < SOON_MS ? ENDS_SOON : attentionTo(certificate)
  return {
    ...certificate,
    kind: 'certificate',
    ...(lastUse && { lastUsedAt: lastUse.toISOString() }),
    ...(attention !== undefined && { attention }),
    failing: left <= failWithin,
  }
}

function federated(
  name: { readonly app: string; readonly name: string },
  { since, ...trust }: FederationOutputs,
  last: LastProof | undefined,
): UnrotatedCredential {
  // What was proved before it was declared otherwise says nothing about it.
  const proved = provedBy(last && Date.parse(last.at) >= Date.parse(since) ? last : undefined)
  const attention = attentionTo(proved)
  return {
    ...{ ...name, kind: 'federated', ...trust, ...proved },
    ...(attention !== undefined && { attention }),
    failing: false,
  }
}

const ENDS_SOON = 'it expires soon: declare the next one beside it'
