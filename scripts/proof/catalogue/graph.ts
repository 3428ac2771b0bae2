import { type CatalogueEntry, entries, type Row, whileYoung } from './entry.ts'
import { NEW_CONSENT } from './replication.ts'

const ERRORS = 'Microsoft Graph error responses and resource types'
const PERMISSIONS = 'Microsoft Graph permissions reference'
const CONSISTENCY = 'Designing for eventual consistency for Microsoft Entra'
const DRIVES = 'Get Drive'
const POLICY = 'Application authentication methods policy'
const TEAMS_POLICY = 'Configure application access to online meetings or virtual events'
const MAILBOX_POLICY = 'Limiting application permissions to specific Exchange Online mailboxes'
const THROTTLING = 'Microsoft Graph throttling guidance'

/** Twenty-minute spells were seen in 2025; Microsoft promises nothing. */
const NEW_OBJECT = whileYoung('application', 30)

/** Entries with a `message` come before the general one of the same code: the first that matches counts. */
const ROWS: readonly Row[] = [
  [
    'InvalidAuthenticationToken',
    'Graph does not accept the token: expired, for another audience, or malformed',
    'once',
    'identity',
    "check that login and Graph are of the same cloud, and this machine's clock",
    ERRORS,
  ],
  [
    'Authorization_RequestDenied',
    'the new application is not yet visible to the service that was asked',
    NEW_OBJECT,
    'identity',
    'wait; the deployer must own the application when it only has Application.ReadWrite.OwnedBy',
    PERMISSIONS,
    /backing application of the service principal being created must in the local tenant/,
  ],
  [
    'Authorization_RequestDenied',
    'the token holds no permission that this call needs',
    'never',
    'identity',
    'declare the least permission that the reference page of the call names, and consent to it; or probe something the application may read',
    PERMISSIONS,
  ],
  [
    'accessDenied',
    'the token holds no permission for these files or this site',
    'never',
    'identity',
    'declare the least permission that the reference page of the call names; with Sites.Selected the site must be granted as well',
    PERMISSIONS,
  ],
  [
    'Forbidden',
    'no application access policy of Teams lets this application act for the user; the permission itself is there',
    'never',
    'identity',
    'have a Teams administrator run New-CsApplicationAccessPolicy with the client id and Grant-CsApplicationAccessPolicy for the user; it takes up to 30 minutes',
    TEAMS_POLICY,
    /[Nn]o [Aa]pplication [Aa]ccess [Pp]olicy found/,
  ],
  [
    'General',
    'no application access policy of Teams lets this application act for the user; the permission itself is there',
    'never',
    'identity',
    'have a Teams administrator run New-CsApplicationAccessPolicy with the client id and Grant-CsApplicationAccessPolicy for the user; it takes up to 30 minutes',
    TEAMS_POLICY,
    /[Nn]o [Aa]pplication [Aa]ccess [Pp]olicy found/,
  ],
  [
    'ErrorAccessDenied',
    'a policy of Exchange keeps this application out of the mailbox; the permission itself is there',
    'never',
    'identity',
    'probe a mailbox that the policy allows, or have an Exchange administrator change it: Test-ApplicationAccessPolicy, New-ApplicationAccessPolicy',
    MAILBOX_POLICY,
    /\[RAOP\]|AppOnly AccessPolicy/,
  ],
  [
    'ErrorAccessDenied',
    'Exchange refuses: the token holds no permission for this mailbox',
    NEW_CONSENT,
    'identity',
    'declare the least permission that the reference page of the call names, and consent to it; then look for a policy: Test-ApplicationAccessPolicy',
    PERMISSIONS,
  ],
  [
    'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    'the tenant has no licence for this part of Graph',
    'never',
    'workload',
    'the credential is right; probe something else, or license the tenant',
    ERRORS,
  ],
  [
    'Request_ResourceNotFound',
    'the object does not exist: a wrong id, or one so new that not every server knows it',
    NEW_OBJECT,
    'identity',
    'check the id or name in the path of the probe',
    CONSISTENCY,
  ],
  [
    'itemNotFound',
    'the file, folder, drive or site does not exist',
    'never',
    'identity',
    'check the path of the probe',
    ERRORS,
  ],
  [
    'ResourceNotFound',
    'the object does not exist, or the user has no OneDrive yet',
    'never',
    'identity',
    'check the path of the probe; a OneDrive comes into being when its user first opens it',
    DRIVES,
  ],
  [
    'Request_BadRequest',
    'objects this call refers to are not yet visible to the service that was asked',
    NEW_OBJECT,
    'identity',
    'wait; if it stays, an id in the request is wrong',
    CONSISTENCY,
    /does not reference a valid application object|Not a valid reference update|queried reference-property objects are not present/,
  ],
  [
    'BadRequest',
    '/me stands for a signed-in user, and an application is none',
    'never',
    'identity',
    'name the user: /users/{id}/drive instead of /me/drive',
    'Microsoft Graph authentication and authorization basics',
    /\/me request is only valid with delegated authentication flow/,
  ],
  [
    'BadRequest',
    'the tenant has no SharePoint licence',
    'never',
    'workload',
    'the credential is right; probe something else, or license the tenant',
    DRIVES,
    /Tenant does not have a SPO license/,
  ],
  [
    'BadRequest',
    'the user has no OneDrive, and an application cannot bring one into being',
    'never',
    'workload',
    'the credential is right; let the user open OneDrive once, or probe another user',
    DRIVES,
    /Unable to retrieve user's mysite URL/,
  ],
  [
    'Directory_ConcurrencyViolation',
    'the directory takes no two changes of the tenant, or of one application, at the same time',
    'always',
    'service',
    'wait briefly and try again; it comes when a secret is added soon after a certificate, or several objects change at once',
    CONSISTENCY,
  ],
  [
    'CredentialTypeNotAllowedAsPerAppPolicy',
    "the tenant's app management policy forbids this kind of credential",
    'never',
    'identity',
    'use a federated credential or a certificate, or ask for an exception to the policy',
    POLICY,
  ],
  [
    'CredentialInvalidLifetimeAsPerAppPolicy',
    "the tenant's app management policy allows only shorter lifetimes",
    'never',
    'identity',
    "shorten the secret's lifetime; npm run doctor shows the limit",
    POLICY,
  ],
  [
    'Error_MsaAppDoesNotExist',
    "the application's twin for personal accounts is not ready",
    NEW_OBJECT,
    'identity',
    'wait; it comes with the registration',
    ERRORS,
  ],
  [
    'TooManyRequests',
    'Graph throttles this application',
    'always',
    'service',
    'wait as long as it asks',
    THROTTLING,
  ],
  [
    'activityLimitReached',
    'Graph throttles this application',
    'always',
    'service',
    'wait as long as it asks',
    THROTTLING,
  ],
  [
    'NotImplemented',
    'this endpoint does not offer the call',
    'never',
    'workload',
    'probe something that it offers',
    ERRORS,
  ],
]

/** Refusals of Microsoft Graph. */
export const GRAPH: readonly CatalogueEntry[] = entries('graph', ROWS)
