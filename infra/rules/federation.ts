import { TOKEN_EXCHANGE_AUDIENCES } from '../../microsoft/clouds.ts'
import { subjectOrExpression, trustOf } from '../declaration/federation.ts'
import { eachFederation } from './each-federation.ts'
import { above, type Rule, repeated } from './rule.ts'

const FEDERATION = 'Important considerations and restrictions for federated identity credentials'

const MAX_FEDERATED = 20
const MAX_FEDERATED_TEXT = 600
const FEDERATED_NAME = { min: 3, max: 120 }

/** Rules about trusts in other issuers' tokens. */
export const federationRules: readonly Rule[] = [
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
        const { issuer, ...trust } = trustOf(declared, { cloud })
        return `${issuer} ${subjectOrExpression(trust)}`
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
    check: eachFederation((_federation, _declared, { name }) =>
      /^[A-Za-z0-9][\w.-]{2,119}$/.test(name)
        ? undefined
        : `"${name}" is not a name for a federated credential`,
    ),
  },
  {
    code: 'EA504',
    name: 'federated-text-length',
    severity: 'error',
    summary: `Issuer, subject, expression, audience and description have at most ${MAX_FEDERATED_TEXT} characters each.`,
    limit: MAX_FEDERATED_TEXT,
    fix: 'shorten it',
    source: FEDERATION,
    check: eachFederation((federation) => {
      const [name, text] =
        (['issuer', 'subject', 'expression', 'audience', 'description'] as const)
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
    fix: 'name each subject, use a GitHub environment for all branches, or declare an expression (matching)',
    source: FEDERATION,
    check: eachFederation(({ subject }) =>
      subject?.includes('*') ? `Entra takes the "*" in "${subject}" literally` : undefined,
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
    fix: 'use the named shape (github, azurePipelines, gitlab, terraformCloud, kubernetes): a wrong subject is only found when the token is exchanged',
    source: FEDERATION,
    check: eachFederation(({ issuer, subject }, { github }) => {
      const hasOwnTemplate = github?.include !== undefined || github?.subject !== undefined
      if (subject === undefined || hasOwnTemplate) return undefined
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
    check: eachFederation(({ audience }, _declared, { cloud }) => {
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
    name: 'GitLab',
    of: /^https:\/\/gitlab\.com/,
    is: /^project_path:[^:]+/,
  },
  {
    name: 'HCP Terraform',
    of: /^https:\/\/app\.terraform\.io/,
    is: /^organization:[^:]+:project:[^:]+:workspace:[^:]+:run_phase:(plan|apply)$/,
  },
  {
    name: 'Kubernetes',
    of: /^system:/,
    is: /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/,
  },
] as const
