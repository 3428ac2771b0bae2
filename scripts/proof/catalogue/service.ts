import { type CatalogueEntry, entries, type Row } from './entry.ts'

const CODES = 'Microsoft Entra authentication and authorization error codes'
const FLOW = 'Microsoft identity platform and the OAuth 2.0 client credentials flow'

const ROWS: readonly Row[] = [
  [
    'AADSTS50196',
    'the same request was made too often in a short time',
    'never',
    'identity',
    'find who else requests tokens with this application, and let it keep them until they expire',
    CODES,
  ],
  [
    'AADSTS50000',
    'the sign-in service itself failed',
    'always',
    'service',
    'try again later; if it stays, open a support request with the ids below (the local tenant says why in its log)',
    CODES,
  ],
  [
    'AADSTS90033',
    'a service of Entra is temporarily unavailable',
    'always',
    'service',
    'try again later',
    CODES,
  ],
  ['AADSTS90024', 'Entra is temporarily busy', 'always', 'service', 'try again later', CODES],
  [
    'temporarily_unavailable',
    'Entra is temporarily unavailable',
    'always',
    'service',
    'try again later; https://azure.status.microsoft shows known incidents',
    FLOW,
  ],
  ['AADSTS50033', 'a transient error of the sign-in service', 'always', 'service', 'try again later', CODES],
  [
    'AADSTS90006',
    'a service of Entra is temporarily unavailable',
    'always',
    'service',
    'try again later',
    CODES,
  ],
  ['AADSTS90012', 'the request timed out inside Entra', 'always', 'service', 'try again later', CODES],
  [
    'AADSTS90090',
    'the directory behind the sign-in service is temporarily unavailable',
    'always',
    'service',
    'try again later',
    CODES,
  ],
  [
    'AADSTS90091',
    'the directory behind the sign-in service cannot be reached',
    'always',
    'service',
    'try again later',
    CODES,
  ],
  [
    'AADSTS90055',
    'the tenant sends too many requests and is throttled',
    'always',
    'service',
    'wait; find who requests tokens so often, and let them keep tokens until they expire',
    CODES,
  ],
]

/** Trouble of the sign-in service itself, and throttling. */
export const SERVICE: readonly CatalogueEntry[] = entries('login', ROWS)
