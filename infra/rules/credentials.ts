import { parseDuration } from '../../lib/duration.ts'
import { type Cloud, TOKEN_EXCHANGE_AUDIENCES } from '../../microsoft/clouds.ts'
import { describeFederation } from '../declaration/federation.ts'
import { above, type Rule, repeated, type Violation } from './rule.ts'

const CREDENTIALS = 'Add and manage application credentials in Microsoft Entra ID'
const FEDERATION = 'Important considerations and restrictions for federated identity credentials'

const DAY = 86_400_000
const MAX_LIFETIME = 730
const ADVISED_LIFETIME = 365
const MAX_FEDERATED = 20
const MAX_FEDERATED_TEXT = 600
const FEDERATED_NAME = { min: 3, max: 120 }

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

function eachFederation(
  judge: (
    federation: ReturnType<typeof describeFederation>,
    name: string,
    cloud: Cloud,
  ) => string | undefined,
): Rule['check'] {
  return ({ federatedCredentials }, { cloud }) =>
    Object.entries(federatedCredentials).flatMap(([name, declared]): Violation[] => {
      const message = judge(describeFederation(declared, cloud), name, cloud)
      return message ? [{ path: ['federatedCredentials', name], message }] : []
    })
}

/** Rules about client secrets and federated credentials. */
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
  {
    code: 'EA501',
    name: 'federated-count',
    severity: 'error',
    summary: `An application has at most ${MAX_FEDERATED} federated credentials.`,
    limit: MAX_FEDERATED,
    fix: 'share one over branches through an environment, or split the application',
    source: FEDERATION,
    check: ({ federatedCredentials }) =>
      above(
        MAX_FEDERATED,
        Object.keys(federatedCredentials).length,
        ['federatedCredentials'],
        (count) => `${count} federated credentials`,
      ),
  },
  {
    code: 'EA502',
    name: 'federated-unique',
    severity: 'error',
    summary: 'Issuer and subject together are unique within an application.',
    fix: 'keep one of the two',
    source: FEDERATION,
    check: ({ federatedCredentials }, { cloud }) =>
      repeated(Object.entries(federatedCredentials), ([, declared]) => {
        const { issuer, subject } = describeFederation(declared, cloud)
        return `${issuer} ${subject}`
      }).map(([[name], [first]]) => ({
        path: ['federatedCredentials', name],
        message: `"${name}" trusts the same issuer and subject as "${first}"`,
        found: name,
      })),
  },
  {
    code: 'EA503',
    name: 'federated-name',
    severity: 'error',
    summary: `A federated credential's name has ${FEDERATED_NAME.min} to ${FEDERATED_NAME.max} letters, digits, dots, hyphens and underscores, and starts with a letter or digit.`,
    limit: FEDERATED_NAME.max,
    fix: 'rename it; the name is fixed once it is created',
    source: FEDERATION,
    check: eachFederation((_, name) =>
      /^[A-Za-z0-9][\w.-]{2,119}$/.test(name)
        ? undefined
        : `"${name}" is not a name for a federated credential`,
    ),
  },
  {
    code: 'EA504',
    name: 'federated-text-length',
    severity: 'error',
    summary: `Issuer, subject, audience and description have at most ${MAX_FEDERATED_TEXT} characters each.`,
    limit: MAX_FEDERATED_TEXT,
    fix: 'shorten it',
    source: FEDERATION,
    check: eachFederation((federation) => {
      const [name, text] =
        (['issuer', 'subject', 'audience', 'description'] as const)
          .map((name) => [name, federation[name] ?? ''] as const)
          .find(([, text]) => text.length > MAX_FEDERATED_TEXT) ?? []
      return text && `the ${name} has ${text.length} characters`
    }),
  },
  {
    code: 'EA505',
    name: 'federated-wildcard',
    severity: 'error',
    summary: 'A federated subject has no wildcard.',
    fix: 'name each subject, or use a GitHub environment for all branches',
    source: FEDERATION,
    check: eachFederation(({ subject }) =>
      subject.includes('*') ? `Entra takes the "*" in "${subject}" literally` : undefined,
    ),
  },
  {
    code: 'EA506',
    name: 'federated-issuer',
    severity: 'error',
    summary: 'A federated issuer is an https address.',
    fix: 'give the "iss" of the token, exactly',
    source: FEDERATION,
    check: eachFederation(({ issuer }) =>
      URL.canParse(issuer) && issuer.startsWith('https://')
        ? undefined
        : `"${issuer}" is not an https address`,
    ),
  },
  {
    code: 'EA507',
    name: 'federated-subject-shape',
    severity: 'warning',
    summary: 'A subject has the shape that its issuer writes.',
    fix: 'use the named shape (github, azurePipelines, kubernetes): a wrong subject is only found when the token is exchanged',
    source: FEDERATION,
    check: eachFederation(({ issuer, subject }) => {
      const shape = SUBJECT_SHAPES.find(({ of }) => of.test(issuer) || of.test(subject))
      return shape && !shape.is.test(subject)
        ? `"${subject}" is not a subject that ${shape.name} writes`
        : undefined
    }),
  },
  {
    code: 'EA508',
    name: 'federated-audience-cloud',
    severity: 'warning',
    summary: 'The audience of a federated credential is not that of another cloud.',
    fix: 'leave audience out: the default is that of the cloud',
    source: FEDERATION,
    check: eachFederation(({ audience }, _, cloud) => {
      const own = TOKEN_EXCHANGE_AUDIENCES[cloud]
      return audience !== own && Object.values(TOKEN_EXCHANGE_AUDIENCES).includes(audience)
        ? `"${audience}" is the audience of another cloud; in this one it is "${own}"`
        : undefined
    }),
  },
]

/** What the issuers that people use most put into "sub". */
const SUBJECT_SHAPES = [
  {
    name: 'GitHub Actions',
    of: /^https:\/\/token\.actions\.githubusercontent\.com/,
    is: /^repo:[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?:(ref:refs\/(heads|tags)\/\S+|environment:[^:]+|pull_request)$/,
  },
  {
    name: 'Azure Pipelines',
    of: /^https:\/\/vstoken\.dev\.azure\.com/,
    is: /^(sc|p):\/\/[^/]+\/[^/]+\/[^/]+$/,
  },
  {
    name: 'Kubernetes',
    of: /^system:/,
    is: /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/,
  },
] as const
