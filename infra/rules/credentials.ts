import { parseDuration } from '../../lib/duration.ts'
import type { Rule, Violation } from './rule.ts'

const CREDENTIALS = 'Add and manage application credentials in Microsoft Entra ID'
const FEDERATION = 'Important considerations and restrictions for federated identity credentials'

const DAY = 86_400_000
const MAX_LIFETIME = 730
const ADVISED_LIFETIME = 365

function longerThan(days: number, unless = Number.POSITIVE_INFINITY): Rule['check'] {
  return ({ secrets }) =>
    Object.entries(secrets).flatMap(([name, { lifetime }]): Violation[] => {
      const found = parseDuration(lifetime) / DAY
      if (found <= days || found > unless) return []
      return [
        {
          path: ['secrets', name, 'lifetime'],
          message: `a client secret lives at most ${days}d; shorter is safer, since rotation is free here`,
          found: lifetime,
        },
      ]
    })
}

/** Rules about client secrets. */
export const credentialRules: readonly Rule[] = [
  {
    code: 'EA401',
    name: 'secret-lifetime',
    severity: 'error',
    summary: `A client secret lives at most ${MAX_LIFETIME} days.`,
    limit: MAX_LIFETIME,
    fix: 'shorten lifetime; 90d to 180d is usual',
    source: CREDENTIALS,
    check: longerThan(MAX_LIFETIME),
  },
  {
    code: 'EA402',
    name: 'secret-lifetime-advised',
    severity: 'warning',
    summary: `A client secret lives at most ${ADVISED_LIFETIME} days, as Microsoft advises.`,
    limit: ADVISED_LIFETIME,
    fix: 'shorten lifetime; 90d to 180d is usual',
    source: CREDENTIALS,
    check: longerThan(ADVISED_LIFETIME, MAX_LIFETIME),
  },
  {
    code: 'EA403',
    name: 'secret-beside-federation',
    severity: 'warning',
    summary: 'An application with a federated credential has no client secret.',
    fix: 'remove the secret, unless a consumer cannot use the federated credential',
    source: FEDERATION,
    check: ({ secrets, federatedCredentials }) =>
      Object.keys(secrets).length > 0 && Object.keys(federatedCredentials).length > 0
        ? [{ path: ['secrets'], message: 'with a federated credential nothing has to be kept secret' }]
        : [],
  },
]
