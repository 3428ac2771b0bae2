import type { AppOutputs } from '../../infra/contract/outputs.ts'
import { failed, passed } from '../proof/checks/check.ts'
import type { Directory } from '../proof/directory/open.ts'
import type { Check } from '../proof/model/report.ts'

/**
 * Looks up whether the deployer owns what the stack deployed: `Application.ReadWrite.OwnedBy` changes nothing else.
 * An identity that may change every application, or a person, whose roles decide, need not own any.
 */
export async function checkOwnership(
  apps: Readonly<Record<string, AppOutputs>>,
  { reader, identity }: Directory,
): Promise<Check[]> {
  if (identity.isUser || identity.permissions.includes('Application.ReadWrite.All')) return []
  const entries = Object.entries(apps)
  const owners = await reader.lists(
    entries.map(([, { objectId }]) => `/applications/${objectId}/owners?$select=id`),
  )
  return entries.map(([app, facts], i) => {
    const name = `ownership of ${app}`
    const found = owners[i]!
    if (!found.ok) return failed(name, found.failure)
    const isOwner = found.value.some(({ id }) => id === identity.objectId)
    return isOwner ? passed(name, 'the deployer is an owner') : notOwned(name, facts, identity.objectId)
  })
}

function notOwned(name: string, { objectId, displayName }: AppOutputs, deployer: string): Check {
  const meaning = `the deployer is not an owner of ${displayName}, so Application.ReadWrite.OwnedBy does not let it change it`
  return {
    name,
    status: 'failed',
    detail: `NOT_OWNER: ${meaning}`,
    explanation: {
      source: 'contract',
      code: 'NOT_OWNER',
      message: `its owners do not include ${deployer}`,
      meaning,
      fix: `as an owner or administrator: az ad app owner add --id ${objectId} --owner-object-id ${deployer}`,
      reference: 'Add owner',
      support: {},
    },
  }
}
