import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import { describeFirstDifference } from '../../../lib/first-difference.ts'
import { meetsConditions, parseClaimsExpression } from '../../../microsoft/claims-expression.ts'
import { contractFailure } from '../catalogue/index.ts'
import { failed, skipped, warning } from '../checks/check.ts'
import { readClaims } from '../checks/token-contract.ts'
import type { AppCredential, AppTarget, DeployedCredential, DeployedFederation } from '../model/app-target.ts'
import type { Check } from '../model/report.ts'
import type { Credential } from '../model/target.ts'
import type { AssertionSource, LocalKeys } from './local-keys.ts'
import { apisOf } from './stack-targets.ts'

/** The applications with everything that can be proved, and what to say about the rest of what is available. */
export interface Matched {
  readonly apps: readonly AppTarget[]
  readonly checks: readonly Check[]
}

/**
 * Finds what can be proved with what is available: a certificate by the thumbprint of a key, a federated credential by the
 * issuer, subject and audience of a token. What fits nothing stays unproved, and says where it differs.
 */
export async function matchLocalKeys(apps: readonly AppTarget[], localKeys: LocalKeys): Promise<Matched> {
  const { assertions } = localKeys
  const tokens = assertions && new Tokens(assertions)
  const matched = await Promise.all(apps.map((app) => matchApp(app, localKeys, tokens)))
  const deployed = apps.flatMap((app) => app.deployed ?? [])
  const strangers = localKeys.keys.filter(
    ({ thumbprint, isNamed }) =>
      isNamed && !deployed.some((each) => each.kind === 'certificate' && each.thumbprint === thumbprint),
  )
  const name = 'local key'
  return {
    apps: matched,
    checks: [
      ...(localKeys.unusable === undefined ? [] : [skipped(name, localKeys.unusable)]),
      ...strangers.map(({ from, thumbprint }) =>
        warning(name, `${from}: no certificate of the stack has its thumbprint ${thumbprint}`),
      ),
    ],
  }
}

async function matchApp(
  app: AppTarget,
  localKeys: LocalKeys,
  tokens: Tokens | undefined,
): Promise<AppTarget> {
  const { facts, deployed = [] } = app
  if (!facts || deployed.length === 0) return app
  const judged = await Promise.all(deployed.map((each) => judge(each, localKeys, tokens)))
  const proved = judged.flatMap(({ credential, deployed: each }) =>
    credential ? [toProve(app, facts, each, credential)] : [],
  )
  return {
    ...app,
    credentials: [...app.credentials, ...proved],
    deployed: judged.flatMap(({ credential, deployed: each }) => (credential ? [] : [each])),
    checks: [...(app.checks ?? []), ...meantForIt(app, localKeys, judged)],
  }
}

interface Judged {
  readonly deployed: DeployedCredential
  /** What proves it. */
  readonly credential?: Credential
}

async function judge(
  deployed: DeployedCredential,
  { keys }: LocalKeys,
  tokens: Tokens | undefined,
): Promise<Judged> {
  if (deployed.kind === 'certificate') {
    const key = keys.find(({ thumbprint }) => thumbprint === deployed.thumbprint)
    return { deployed, ...(key && { credential: key.credential }) }
  }
  if (!tokens) return { deployed }
  const { claims, why: unreadable } = await tokens.claimsFor(deployed.audience)
  const why = claims ? differences(deployed, claims, tokens.source.from) : unreadable
  if (why !== undefined) return { deployed: { ...deployed, why } }
  return { deployed, credential: tokens.source.credential(deployed.audience) }
}

function toProve(
  app: AppTarget,
  facts: AppOutputs,
  deployed: DeployedCredential,
  credential: Credential,
): AppCredential {
  const { tenantId, clientId, servicePrincipalId } = facts
  const { since } = deployed
  return {
    ...(deployed.kind === 'certificate' && { keyId: deployed.keyId, endDate: deployed.endDate }),
    target: {
      label: deployed.label,
      tenantId,
      clientId,
      servicePrincipalId,
      credential,
      expected: { apis: apisOf(facts), probes: facts.probes },
      ...(deployed.kind === 'federated' && { trusted: { [deployed.label]: deployed } }),
      changedAt: { ...app.changedAt, ...(since && { credential: since }) },
    },
  }
}

/** A token is available for this very application, which trusts none like it: logins with it fail. */
function meantForIt(
  { clientId }: AppTarget,
  { clientId: own, assertions }: LocalKeys,
  judged: readonly Judged[],
): Check[] {
  const federations = judged.filter(({ deployed }) => deployed.kind === 'federated')
  const isMeant = assertions !== undefined && own?.toLowerCase() === clientId.toLowerCase()
  if (!isMeant || federations.length === 0 || federations.some(({ credential }) => credential)) return []
  const said = federations.map(({ deployed: { label, why } }) => `${label}: ${why}`).join('; ')
  return [failed('local token', contractFailure('FEDERATION_DIFFERS', said))]
}

type Claims = NonNullable<ReturnType<typeof readClaims>>

/** Compared as Entra does: exactly, case included. */
function differences(
  { issuer, subject, expression, audience }: DeployedFederation,
  claims: Claims,
  from: string,
): string | undefined {
  const { iss, sub, aud } = claims
  const audiences = Array.isArray(aud) ? aud : [aud ?? '']
  const found = [
    differs('iss', [iss ?? ''], issuer),
    subject === undefined ? unmet(expression ?? '', claims) : differs('sub', [sub ?? ''], subject),
    differs('aud', audiences, audience),
  ].filter((difference) => difference !== undefined)
  return found.length === 0 ? undefined : `the token from ${from} does not match: ${found.join(', ')}`
}

function differs(claim: string, found: readonly string[], wanted: string): string | undefined {
  if (found.includes(wanted)) return undefined
  const inCase = found.some((each) => each.toLowerCase() === wanted.toLowerCase())
  const said = `${claim} is "${found.join('", "')}" instead of "${wanted}"`
  if (inCase) return `${said} (only the case differs)`
  const [one] = found
  return found.length === 1 && one !== '' ? `${said} (${describeFirstDifference(one!, wanted)})` : said
}

/** Which condition of an expression the claims do not meet. */
function unmet(expression: string, claims: Claims): string | undefined {
  const condition = parseClaimsExpression(expression).find((each) => !meetsConditions([each], { ...claims }))
  if (!condition) return undefined
  const { claim, operator, value } = condition
  const found = (claims as Readonly<Record<string, unknown>>)[claim]
  const shown = found === undefined ? 'missing' : JSON.stringify(found)
  return `${claim} is ${shown}, and the expression asks that it ${operator === 'eq' ? 'equals' : 'matches'} '${value}'`
}

/** The tokens of a source, each asked for once for the comparison. */
class Tokens {
  readonly source: AssertionSource
  readonly #claims = new Map<string, Promise<{ claims?: Claims; why?: string }>>()

  constructor(source: AssertionSource) {
    this.source = source
  }

  claimsFor(audience: string): Promise<{ claims?: Claims; why?: string }> {
    const known = this.#claims.get(audience)
    if (known) return known
    const asked = this.#ask(audience)
    this.#claims.set(audience, asked)
    return asked
  }

  async #ask(audience: string): Promise<{ claims?: Claims; why?: string }> {
    const { from, request } = this.source
    try {
      const claims = readClaims(await request(audience))
      return claims ? { claims } : { why: `the token of ${from} is not a JWT` }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { why: `could not get a token from ${from}: ${reason}` }
    }
  }
}
