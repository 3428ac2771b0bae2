import type { Route } from '../request/route.ts'
import { applicationRows, federatedCredentialRows, templateRows } from './routes/applications.ts'
import { auditRows } from './routes/audit.ts'
import { deletedItemRows, directoryRows, workloadRows } from './routes/directory.ts'
import { fileRows } from './routes/files.ts'
import { groupRows, userRows } from './routes/people.ts'
import { policyRows } from './routes/policies.ts'
import { grantRows, servicePrincipalRows } from './routes/service-principals.ts'

/** Every Graph route this tenant serves, under `/v1.0` and `/beta` alike. Whatever is not here is answered 501. */
export const routes: readonly Route[] = [
  ...applicationRows,
  ...federatedCredentialRows,
  ...templateRows,
  ...servicePrincipalRows,
  ...grantRows,
  ...userRows,
  ...groupRows,
  ...directoryRows,
  ...deletedItemRows,
  ...policyRows,
  ...fileRows,
  ...workloadRows,
  ...auditRows,
].map(([method, path, operation, allowed, source, version]) => ({
  method,
  path,
  operation,
  allowed,
  source,
  betaOnly: version === 'betaOnly',
}))
