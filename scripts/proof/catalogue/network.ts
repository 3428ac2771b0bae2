import { type CatalogueEntry, entries, type Row } from './entry.ts'

const NODE = 'Node.js documentation: Errors'
const TLS = 'Node.js documentation: TLS, NODE_EXTRA_CA_CERTS'
const TRUST =
  "set NODE_EXTRA_CA_CERTS to the issuer's certificate (a proxy's, or the local tenant's ca.pem); never switch the check off"

const untrusted = (code: string): Row => [
  code,
  'the certificate of the host is not signed by anyone this machine trusts',
  'never',
  'environment',
  TRUST,
  TLS,
]

const unreachable = (code: string, meaning: string): Row => [
  code,
  meaning,
  'always',
  'environment',
  'check the address, the network, and HTTPS_PROXY where one is needed; npm run doctor tries each endpoint',
  NODE,
]

const ROWS: readonly Row[] = [
  untrusted('SELF_SIGNED_CERT_IN_CHAIN'),
  untrusted('DEPTH_ZERO_SELF_SIGNED_CERT'),
  untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
  untrusted('UNABLE_TO_GET_ISSUER_CERT'),
  untrusted('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
  [
    'CERT_HAS_EXPIRED',
    'the certificate of the host has expired, or the clock of this machine is ahead',
    'never',
    'environment',
    'check the clock of this machine, then the certificate',
    TLS,
  ],
  [
    'CERT_NOT_YET_VALID',
    'the certificate of the host is not valid yet, or the clock of this machine is behind',
    'never',
    'environment',
    'check the clock of this machine, then the certificate',
    TLS,
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'the certificate belongs to another host',
    'never',
    'environment',
    'check the address; a proxy that answers for every host looks like this',
    TLS,
  ],
  unreachable('ENOTFOUND', 'the name of the host is not known'),
  unreachable('EAI_AGAIN', 'the name of the host cannot be looked up now'),
  unreachable('ECONNREFUSED', 'nothing listens at this address'),
  unreachable('EHOSTUNREACH', 'the host cannot be reached'),
  unreachable('ENETUNREACH', 'the network cannot be reached'),
  unreachable('ETIMEDOUT', 'the host did not answer in time'),
  unreachable('UND_ERR_CONNECT_TIMEOUT', 'the host did not answer in time'),
  unreachable('UND_ERR_HEADERS_TIMEOUT', 'the host did not answer in time'),
  unreachable('ECONNRESET', 'the connection was cut'),
  unreachable('EPIPE', 'the connection was cut'),
  unreachable('UND_ERR_SOCKET', 'the connection was cut'),
  unreachable('REQUEST_SEND_ERROR', 'the request could not be sent'),
  unreachable('NETWORK', 'the request got no answer'),
  [
    'PATH_OUTSIDE_GRAPH',
    "the request would leave Graph's address, so it was not sent",
    'never',
    'identity',
    'write the path below the version, such as /users?$top=1',
    'Use the Microsoft Graph API',
  ],
  [
    'REDIRECT_REFUSED',
    'the request was answered with a redirect that would take it elsewhere, so it was not sent on',
    'never',
    'environment',
    'check the address of Graph; a proxy that asks for a login looks like this',
    'Use the Microsoft Graph API',
  ],
  [
    'NOT_GRAPH',
    'the answer is not one of Graph',
    'never',
    'environment',
    'check the address of Graph; a proxy that answers for it looks like this',
    'Use the Microsoft Graph API',
  ],
  [
    'BODY_TOO_LONG',
    'the answer is larger than anything that is read here',
    'never',
    'environment',
    'ask for less, with $select and $top',
    'Use the Microsoft Graph API',
  ],
]

/** Requests that got no answer at all: the fault is on the way, or on this machine. */
export const NETWORK: readonly CatalogueEntry[] = entries('network', ROWS)
