import type { Route, RouteRow } from '../request/route.ts'
import { applicationRows, federatedCredentialRows, templateRows } from './routes/applications.ts'
import { auditRows } from './routes/audit.ts'
import { deletedItemRows, directoryRows, roleRows, workloadRows } from './routes/directory.ts'
import { fileRows } from './routes/files.ts'
import { groupRows, userRows } from './routes/people.ts'
import { conditionalAccessRows, policyRows } from './routes/policies.ts'
import { grantRows, servicePrincipalRows } from './routes/service-principals.ts'

/** Collections of directory objects of any kind, by the navigation property at the end of their path. */
const OF_ANY_KIND = /\/(owners|members|transitiveMembers|memberOf|transitiveMemberOf|ownedObjects)$/

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
  ...roleRows,
  ...policyRows,
  ...conditionalAccessRows,
  ...fileRows,
  ...workloadRows,
  ...auditRows,
]
  .flatMap(withCasts)
  .map(([method, path, operation, allowed, source, version]) => ({
    method,
    path,
    operation,
    allowed,
    source,
    betaOnly: version === 'betaOnly',
  }))

/** Lists of objects of any kind can be narrowed to one kind, by its qualified name, and counted so. */
function withCasts(row: RouteRow): readonly RouteRow[] {
  const [method, path, operation, allowed, source] = row
  if (method !== 'GET' || operation !== 'list' || !OF_ANY_KIND.test(path)) return [row]
  const cast = `${path}/microsoft.graph.{type}`
  return [row, ['GET', cast, 'list', allowed, source], ['GET', `${cast}/$count`, 'count', allowed, source]]
}
