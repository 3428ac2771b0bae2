import { type CatalogueEntry, entries, type Row } from './entry.ts'
import { NEW_CREDENTIAL } from './replication.ts'

const CODES = 'Microsoft Entra authentication and authorization error codes'
const CERTIFICATES = 'Microsoft identity platform application authentication certificate credentials'

const ROWS: readonly Row[] = [
  [
    'AADSTS700027',
    "the client assertion's signature is not accepted: the certificate is not registered, or not yet on every server",
    NEW_CREDENTIAL,
    'identity',
    "compare the certificate's thumbprint with the ones on the application",
    CODES,
  ],
  [
    'AADSTS700030',
    'the certificate is not allowed for this application',
    NEW_CREDENTIAL,
    'identity',
    "compare the certificate's thumbprint with the ones on the application, and its issuer with the tenant's policy",
    CODES,
  ],
  [
    'AADSTS700021',
    'the client assertion was made for another application',
    'never',
    'identity',
    'check that iss and sub of the assertion are both the client id that asks',
    CERTIFICATES,
  ],
  [
    'AADSTS700023',
    'the client assertion was made for another endpoint, or another tenant',
    'never',
    'identity',
    "check the tenant id and the cloud; the assertion's aud has to be the token endpoint of this tenant",
    CERTIFICATES,
  ],
  [
    'AADSTS700024',
    'the client assertion is not valid at this time: expired, or the clock of this machine is wrong',
    'never',
    'environment',
    'synchronise the clock (NTP); a federated token is read afresh for each attempt, so check who renews the file',
    CODES,
  ],
  [
    'AADSTS50027',
    'the client assertion is not a signed JWT, or lacks what it must have',
    'never',
    'identity',
    'compare the assertion with what the sentence of the refusal names; of other issuers only tokens signed with RS256 are taken',
    CODES,
  ],
  [
    'AADSTS1000502',
    'the certificate that signed the assertion is outside its validity',
    'never',
    'identity',
    'issue a new certificate (npm run rotate), and check the clock of this machine',
    CERTIFICATES,
  ],
  [
    'AADSTS7000214',
    'the certificate that signed the assertion has been revoked by its issuer',
    'never',
    'identity',
    'issue a new certificate, and replace the one on the application',
    CERTIFICATES,
  ],
  [
    'AADSTS7000277',
    'the certificate that signed the assertion has been revoked by its issuer',
    'never',
    'identity',
    'issue a new certificate, and replace the one on the application',
    CERTIFICATES,
  ],
  [
    'AADSTS7000274',
    'the signature of the assertion is not accepted',
    NEW_CREDENTIAL,
    'identity',
    'check that key and certificate belong together, and that the certificate is the one on the application',
    CERTIFICATES,
  ],
  [
    'AADSTS50048',
    'issuer and subject of the client assertion differ',
    'never',
    'identity',
    'set iss and sub of the assertion both to the client id',
    CERTIFICATES,
  ],
]

/** Refusals of a client assertion that the application signed with its certificate. */
export const ASSERTION: readonly CatalogueEntry[] = entries('login', ROWS)
