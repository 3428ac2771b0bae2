import { DAY, DURATION_PATTERN, parseDuration } from '../../lib/duration.ts'
import { type Judged, type Policy, texts, violation } from '../policy.ts'

type Kind = 'secret' | 'certificate' | 'federated'

const KINDS: Readonly<Record<string, Kind>> = {
  'azuread:index/applicationPassword:ApplicationPassword': 'secret',
  'azuread:index/servicePrincipalPassword:ServicePrincipalPassword': 'secret',
  'azuread:index/applicationCertificate:ApplicationCertificate': 'certificate',
  'azuread:index/servicePrincipalCertificate:ServicePrincipalCertificate': 'certificate',
  'azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential': 'federated',
  'azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential':
    'federated',
}

const WORDS: Readonly<Record<Kind, string>> = {
  secret: 'client secret',
  certificate: 'certificate',
  federated: 'federated credential',
}

function credentialName(kind: Kind, { name, inputs }: Judged): string {
  const shown = inputs['displayName']
  return `The ${WORDS[kind]} ${name}${shown === undefined ? '' : ` ("${String(shown)}")`}`
}

const life = (what: string, days: string) => ({
  type: 'string' as const,
  pattern: DURATION_PATTERN.source,
  default: days,
  description: `How long a ${what} may be valid from now on, such as ${days}`,
})

/** A credential that leaks is worth what is left of its life. */
export const credentialLife: Policy = {
  name: 'credential-life',
  description: 'Client secrets and certificates end soon enough.',
  enforcementLevel: 'mandatory',
  options: { secret: life('client secret', '180d'), certificate: life('certificate', '365d') },
  judge: (resource, { options, now }) => {
    const kind = KINDS[resource.type]
    if (kind === undefined || kind === 'federated') return []
    const longest = String(options[kind])
    const end = resource.inputs['endDate']
    const subject = credentialName(kind, resource)
    const rule = `the longest life that the organisation allows is ${longest}`
    if (end === undefined) {
      return [violation(subject, `names no end, and ${rule}`, 'give it an end')]
    }
    const left = Date.parse(String(end)) - now.getTime()
    if (left <= parseDuration(longest)) return []
    const what = `is valid for ${Math.ceil(left / DAY)} more days (until ${String(end)}), and ${rule}`
    return [
      violation(
        subject,
        what,
        `declare a lifetime of ${longest} or less; \`rotate\` replaces one that exists`,
      ),
    ]
  },
}

/** By default every kind; an organisation that has done away with secrets allows federated ones only. */
export const credentialKinds: Policy = {
  name: 'credential-kinds',
  description: 'Applications prove who they are in the allowed ways.',
  enforcementLevel: 'mandatory',
  options: {
    kinds: {
      type: 'array',
      items: { type: 'string', enum: Object.keys(WORDS) },
      default: Object.keys(WORDS),
      description: 'Kinds of credentials that are allowed',
    },
  },
  judge: (resource, { options }) => {
    const kind = KINDS[resource.type]
    const allowed = texts(options['kinds'])
    if (kind === undefined || allowed.includes(kind)) return []
    const what = `is not of a kind that the organisation allows (${allowed.join(', ') || 'none'})`
    const fix = allowed.includes('federated')
      ? 'declare a federated credential instead, which needs no secret at all'
      : 'use an allowed kind'
    return [violation(credentialName(kind, resource), what, fix)]
  },
}
