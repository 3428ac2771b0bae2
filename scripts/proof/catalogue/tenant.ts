import { type CatalogueEntry, entries, type Row } from './entry.ts'

const CODES = 'Microsoft Entra authentication and authorization error codes'
const FLOW = 'Microsoft identity platform and the OAuth 2.0 client credentials flow'
const CLOUDS = 'National clouds'

const ROWS: readonly Row[] = [
  [
    'AADSTS90002',
    'the tenant does not exist in this cloud: a wrong tenant id, or a tenant of another cloud',
    'never',
    'identity',
    'check the tenant id, and the cloud (ARM_ENVIRONMENT or AZURE_AUTHORITY_HOST)',
    CODES,
  ],
  [
    'AADSTS90038',
    'the tenant lives in a national cloud',
    'never',
    'identity',
    'set ARM_ENVIRONMENT (usgovernment, china) or AZURE_AUTHORITY_HOST to the cloud of the tenant',
    CLOUDS,
  ],
  [
    'AADSTS900382',
    'the application belongs to another cloud; a request across clouds is not supported',
    'never',
    'identity',
    'set ARM_ENVIRONMENT (usgovernment, china) or AZURE_AUTHORITY_HOST to the cloud of the tenant',
    CLOUDS,
  ],
  [
    'AADSTS50049',
    'the login host does not belong to the cloud that was asked',
    'never',
    'identity',
    'check AZURE_AUTHORITY_HOST or ARM_ENVIRONMENT for a misspelt host or another cloud',
    CODES,
  ],
  [
    'AADSTS9001023',
    'client credentials were sent to /common or /consumers, which stand for no tenant',
    'never',
    'identity',
    'use the tenant id',
    FLOW,
  ],
  [
    'AADSTS900023',
    'the tenant id is neither a GUID nor a domain name: misspelt, cut off, or a placeholder that nobody filled in',
    'never',
    'identity',
    'correct the tenant id; the text between the quotes in the refusal is what was sent',
    CODES,
  ],
  [
    'AADSTS5000225',
    'the tenant has been blocked for inactivity',
    'never',
    'identity',
    'use another tenant, or ask an administrator of this one to have it reactivated',
    CODES,
  ],
  [
    'AADSTS50128',
    'the request names no tenant that exists',
    'never',
    'identity',
    'give the tenant id',
    CODES,
  ],
  [
    'AADSTS50059',
    'the request names no tenant, and nothing in it implies one',
    'never',
    'identity',
    'give the tenant id',
    CODES,
  ],
  ['AADSTS90019', 'the request names no tenant', 'never', 'identity', 'give the tenant id', CODES],
  [
    'AADSTS50194',
    'the application belongs to one tenant, and the request came to /common or /organizations',
    'never',
    'identity',
    'use the tenant id, or declare signInAudience: AzureADMultipleOrgs',
    CODES,
  ],
  [
    'AADSTS90124',
    'the API does not serve /common or /consumers',
    'never',
    'identity',
    'use the tenant id',
    CODES,
  ],
  [
    'AADSTS90130',
    'the application is not supported at /common or /consumers',
    'never',
    'identity',
    'use the tenant id',
    CODES,
  ],
  [
    'AADSTS900432',
    'the request crosses clouds, which a confidential client may not',
    'never',
    'identity',
    'set ARM_ENVIRONMENT (usgovernment, china) or AZURE_AUTHORITY_HOST to the cloud of the tenant',
    CLOUDS,
  ],
  [
    'AADSTS90051',
    'the national cloud named in the request is not valid',
    'never',
    'identity',
    'set ARM_ENVIRONMENT (usgovernment, china) or AZURE_AUTHORITY_HOST to the cloud of the tenant',
    CLOUDS,
  ],
  [
    'AADSTS90043',
    'the feature is not available in this national cloud',
    'never',
    'identity',
    'log in at the cloud of the tenant: ARM_ENVIRONMENT or AZURE_AUTHORITY_HOST',
    CLOUDS,
  ],
]

/** Refusals of the token endpoint that concern the tenant or the cloud. */
export const TENANT: readonly CatalogueEntry[] = entries('login', ROWS)
