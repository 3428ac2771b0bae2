import { anyOf, type RouteRow } from '../../request/route.ts'

const readAudits = anyOf('AuditLog.Read.All')

/** What has happened in the directory, and which credentials and applications are in use. */
export const auditRows: readonly RouteRow[] = [
  ['GET', '/auditLogs/directoryAudits', 'list', readAudits, 'List directoryAudits'],
  ['GET', '/auditLogs/directoryAudits/{id}', 'get', readAudits, 'Get directoryAudit'],
  [
    'GET',
    '/reports/appCredentialSignInActivities',
    'list',
    readAudits,
    'List appCredentialSignInActivities',
    'betaOnly',
  ],
  [
    'GET',
    '/reports/appCredentialSignInActivities/{id}',
    'get',
    readAudits,
    'Get appCredentialSignInActivity',
    'betaOnly',
  ],
  [
    'GET',
    '/reports/servicePrincipalSignInActivities',
    'list',
    readAudits,
    'List servicePrincipalSignInActivities',
    'betaOnly',
  ],
  [
    'GET',
    '/reports/servicePrincipalSignInActivities/{id}',
    'get',
    readAudits,
    'Get servicePrincipalSignInActivity',
    'betaOnly',
  ],
]
