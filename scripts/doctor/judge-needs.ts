import { MICROSOFT_GRAPH_APP_ID, publishedApisByName } from '../../microsoft/apis.ts'
import { findDirectoryRole } from '../../microsoft/built-in-roles.ts'
import { passed, skipped, warning } from '../proof/checks/check.ts'
import type { DeployerIdentity } from '../proof/directory/open.ts'
import type { Check } from '../proof/model/report.ts'
import { JUDGED_ROLES, type Need } from './needs.ts'

/** Permissions that a deployer may well have for reading, beyond what a stack needs. */
const HARMLESS: readonly string[] = [
  'Directory.Read.All',
  'User.Read',
  'openid',
  'profile',
  'email',
  'offline_access',
]

/** Compares what the deployer holds with what the stack asks of it. Pure. */
export function judgeNeeds(needs: readonly Need[], deployer: DeployerIdentity, graphUrl: string): Check[] {
  return [...needs.map((need) => judgeNeed(need, deployer, graphUrl)), ...judgeExcess(needs, deployer)]
}

function judgeNeed(need: Need, deployer: DeployerIdentity, graphUrl: string): Check {
  const name = `permission ${need.least}`
  const held = [need.least, ...need.alsoEnough].find((permission) =>
    deployer.permissions.includes(permission),
  )
  // For a person the token's scopes are only what the client may ask for in their name; their roles decide.
  if (held && !deployer.isUser) {
    return passed(name, held === need.least ? need.purpose : `${need.purpose}; ${held} includes it`)
  }
  const roles = deployer.directoryRoles.map((id) => findDirectoryRole(id)?.name ?? id)
  const role = need.directoryRoles.find((each) => roles.includes(each))
  if (role) return passed(name, `${need.purpose}; the directory role ${role} includes it`)
  if (need.optional) return skipped(name, `not held; it would allow ${need.purpose}`)
  const others = roles.filter((each) => !JUDGED_ROLES.includes(each))
  if (others.length > 0) {
    return warning(
      name,
      `not held; needed for ${need.purpose}. Whether directory role ${others.join(', ')} allows it cannot be told`,
    )
  }
  return missing(name, need, deployer, graphUrl)
}

function missing(name: string, need: Need, deployer: DeployerIdentity, graphUrl: string): Check {
  return {
    name,
    status: 'failed',
    detail: `PERMISSION_MISSING: needed for ${need.purpose}`,
    explanation: {
      source: 'contract',
      code: 'PERMISSION_MISSING',
      message: `the deployer does not hold ${need.least} on Microsoft Graph`,
      meaning: `needed for ${need.purpose}`,
      fix: deployer.isUser ? roleFix(need) : grantFix(need.least, deployer, graphUrl),
      reference: need.reference,
      support: {},
    },
  }
}

function roleFix({ directoryRoles }: Need): string {
  return `have the directory role ${directoryRoles.join(' or ')} assigned to you (Entra > Roles and administrators), then log in again`
}

/** The portal's path, and one command that does the same: both need an administrator. */
function grantFix(permission: string, { objectId, clientId }: DeployerIdentity, graphUrl: string): string {
  const portal = `Entra > App registrations > ${clientId} > API permissions > Add a permission > Microsoft Graph > Application permissions > ${permission}, then Grant admin consent`
  const graphObject = `$(az ad sp show --id ${MICROSOFT_GRAPH_APP_ID} --query id -o tsv)`
  const permissionId = publishedApisByName().get(MICROSOFT_GRAPH_APP_ID)?.application[permission]
  const body = `{\\"principalId\\":\\"${objectId}\\",\\"resourceId\\":\\"${graphObject}\\",\\"appRoleId\\":\\"${permissionId}\\"}`
  const command = `az rest --method POST --url ${graphUrl}/v1.0/servicePrincipals/${objectId}/appRoleAssignments --body "${body}"`
  return `${portal}; or as an administrator: ${command}`
}

function judgeExcess(needs: readonly Need[], { permissions, isUser }: DeployerIdentity): Check[] {
  if (isUser) return []
  const useful = new Set([...needs.flatMap(({ least, alsoEnough }) => [least, ...alsoEnough]), ...HARMLESS])
  const excess = permissions.filter((permission) => !useful.has(permission))
  const name = 'least privilege'
  if (excess.length === 0) return [passed(name, 'the deployer holds nothing beyond what this stack needs')]
  return [warning(name, `the deployer also holds ${excess.join(', ')}, which this stack does not need`)]
}
