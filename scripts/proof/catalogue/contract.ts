import { type CatalogueEntry, entries, type Row, whileYoung } from './entry.ts'

const CLAIMS = 'Access token claims reference'
const CONSENT = 'Grant or revoke API permissions programmatically'
const TOKENS = 'Configurable token lifetimes in the Microsoft identity platform'

const ROWS: readonly Row[] = [
  [
    'ROLE_NOT_CONSENTED',
    'declared, but nobody has consented to it: the directory holds no app role assignment for it',
    whileYoung('consent', 5),
    'identity',
    'consent to it: consent: grant and npm run up, or the portal under API permissions > Grant admin consent',
    CONSENT,
  ],
  [
    'ROLE_NOT_IN_TOKEN',
    'declared and consented to, but not yet in the token: the grant is still on its way to the token service',
    'always',
    'identity',
    'wait; if it stays after an hour, remove the app role assignment and grant it again',
    CONSENT,
  ],
  [
    'ROLE_MISSING',
    'declared, but not in the token: not consented to, or consented to so recently that it is on its way',
    whileYoung('consent', 60),
    'identity',
    'check the consent (API permissions in the portal); with a login that may read the directory, verify tells which of the two it is',
    CONSENT,
  ],
  [
    'ROLE_EXTRA',
    'in the token and consented to in the directory, but not declared: somebody granted it outside this stack',
    'never',
    'identity',
    'declare it if the application needs it; else remove it under Enterprise applications > Permissions. Tokens already issued keep it until they expire',
    TOKENS,
  ],
  [
    'ROLE_UNEXPECTED',
    'in the token, but not declared: granted outside this stack, or removed so recently that it is still there',
    whileYoung('consent', 10),
    'identity',
    'declare it if the application needs it; else remove it under Enterprise applications > Permissions. Tokens already issued keep it until they expire',
    TOKENS,
  ],
  [
    'ROLE_NOT_YET_GONE',
    'in the token, but neither declared nor consented to any more: the removal is still on its way to the token service',
    'always',
    'identity',
    'wait; tokens already issued keep it until they expire',
    TOKENS,
  ],
  [
    'WRONG_TENANT',
    'the token was issued by another tenant',
    'never',
    'identity',
    'check the tenant id',
    CLAIMS,
  ],
  [
    'WRONG_CLIENT',
    'the token is for another application',
    'never',
    'identity',
    'check the client id',
    CLAIMS,
  ],
  [
    'WRONG_AUDIENCE',
    'the token is for another API',
    'never',
    'identity',
    'check that login and Graph are of the same cloud',
    CLAIMS,
  ],
  [
    'STALE_TOKEN',
    'the token is older than the change it should prove: something between here and Entra keeps tokens',
    'once',
    'identity',
    'look for a proxy that caches; nothing on this side keeps tokens',
    CLAIMS,
  ],
  [
    'NO_JWT',
    'the token cannot be read',
    'never',
    'identity',
    'check the endpoint: the answer is no JWT',
    CLAIMS,
  ],
  [
    'WRONG_CLOUD',
    'the tenant belongs to another cloud than the one that was asked',
    'never',
    'identity',
    'set ARM_ENVIRONMENT (public, usgovernment, china) or AZURE_AUTHORITY_HOST to the cloud of the tenant',
    'National clouds',
  ],
  [
    'NOT_REFUSED',
    'the retired secret still yields tokens',
    whileYoung('credential', 60),
    'identity',
    'check that it was removed from the application; removals take minutes to reach every server',
    TOKENS,
  ],
]

/** Differences between what was declared and what was answered. */
export const CONTRACT: readonly CatalogueEntry[] = entries('contract', ROWS)
