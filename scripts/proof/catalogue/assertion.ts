import { type CatalogueEntry, entries, type Row } from './entry.ts'
import { NEW_CREDENTIAL } from './replication.ts'

const CODES = 'Microsoft Entra authentication and authorization error codes'
const CERTIFICATES = 'Microsoft identity platform application authentication certificate credentials'
const FEDERATION = 'Workload identity federation'
const RESTRICTIONS = 'Workload identity federation: important considerations and restrictions'

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
    'AADSTS70025',
    'the application has no federated credential; a new one takes minutes to be known everywhere',
    NEW_CREDENTIAL,
    'identity',
    'check the client id, and declare a federated credential for this token on the application',
    RESTRICTIONS,
  ],
  [
    'AADSTS70021',
    'no federated credential matches the token; a new one takes minutes to be known everywhere',
    NEW_CREDENTIAL,
    'identity',
    'compare issuer, subject and audience of the token with the federated credential, exactly',
    RESTRICTIONS,
  ],
  [
    'AADSTS700211',
    "no federated credential has the token's issuer",
    NEW_CREDENTIAL,
    'identity',
    "compare the token's iss with the issuer of the federated credential, exactly",
    RESTRICTIONS,
  ],
  [
    'AADSTS700212',
    "no federated credential has the token's audience",
    NEW_CREDENTIAL,
    'identity',
    'ask the issuer for a token with the audience of the federated credential, api://AzureADTokenExchange unless another is declared',
    RESTRICTIONS,
  ],
  [
    'AADSTS700213',
    "no federated credential has the token's subject",
    NEW_CREDENTIAL,
    'identity',
    "compare the token's sub with the subject of the federated credential, exactly: case counts",
    RESTRICTIONS,
  ],
  [
    'AADSTS7002137',
    'a federated credential nearly matches the subject',
    NEW_CREDENTIAL,
    'identity',
    "compare the token's sub with the subject of the federated credential, exactly: case counts",
    RESTRICTIONS,
  ],
  [
    'AADSTS7002138',
    'a federated credential nearly matches the token',
    NEW_CREDENTIAL,
    'identity',
    'compare issuer, subject and audience of the token with the federated credential, exactly',
    RESTRICTIONS,
  ],
  [
    'AADSTS700222',
    'the token was issued by Entra itself, which takes only tokens of other issuers here',
    'never',
    'identity',
    'present a token of the issuer outside Entra that the federated credential names, or use another kind of credential',
    RESTRICTIONS,
  ],
  [
    'AADSTS7000272',
    'the issuer does not publish the key that signed the token, or Entra has not read its new keys yet',
    NEW_CREDENTIAL,
    'identity',
    "compare the kid in the token's header with the keys at the issuer's jwks_uri; after a change of keys Entra takes a while to read them",
    FEDERATION,
  ],
  [
    'AADSTS50166',
    "Entra could not ask the token's issuer for its discovery document or its keys",
    'always',
    'service',
    'check that <issuer>/.well-known/openid-configuration and its jwks_uri answer on the public internet, without sign-in',
    FEDERATION,
  ],
]

/** Refusals of a client assertion: one signed with a certificate, or a token of a federated issuer. */
export const ASSERTION: readonly CatalogueEntry[] = entries('login', ROWS)
