import { SIGN_IN_AUDIENCES } from '../../microsoft/audiences.ts'
import { APPLICATION, applicationName, type Policy, texts, violation } from '../policy.ts'

/** What Entra takes for an application that names no audience. */
const DEFAULT_AUDIENCE = 'AzureADMyOrg'

/** By default nobody signs in with a personal account. */
export const accounts: Policy = {
  name: 'accounts',
  description: 'Only accounts of the allowed kinds sign in.',
  enforcementLevel: 'mandatory',
  options: {
    audiences: {
      type: 'array',
      items: { type: 'string', enum: [...SIGN_IN_AUDIENCES] },
      default: ['AzureADMyOrg', 'AzureADMultipleOrgs'],
      description: 'Values of signInAudience that are allowed',
    },
  },
  judge: (resource, { options }) => {
    if (resource.type !== APPLICATION) return []
    const audience = String(resource.inputs['signInAudience'] ?? DEFAULT_AUDIENCE)
    const allowed = texts(options['audiences'])
    if (allowed.includes(audience)) return []
    const what = `lets ${audience} sign in, and the organisation allows ${allowed.join(', ')}`
    return [violation(applicationName(resource), what, 'set signInAudience to one of these')]
  },
}
