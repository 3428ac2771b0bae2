import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import { DEFAULT_ACCESS } from '../../../microsoft/default-access.ts'
import { contractFailure } from '../catalogue/index.ts'
import { failed, passed, warning } from '../checks/check.ts'
import type { Check } from '../model/report.ts'
import type { LiveAssignment, LiveObject, Registration } from './registration.ts'

/**
 * Compares the owners of both objects with what is declared. Owners of either can add credentials, so one that nobody
 * declared is worth a look.
 *
 * @param deployerId left out for a person's login, whose rights do not depend on it
 */
export function judgeOwners(facts: AppOutputs, live: Registration, deployerId: string | undefined): Check[] {
  const names = new Map(Object.entries(facts.owners).map(([name, id]) => [id, name]))
  const label = (id: string) => names.get(id) ?? (id === deployerId ? 'the deployer' : id)
  return [
    ...judgeList('owners', facts.ownerIds.application, live.owners, label),
    ...judgeList(
      'owners of the service principal',
      facts.ownerIds.servicePrincipal,
      live.principalOwners,
      label,
    ),
  ]
}

function judgeList(
  name: string,
  declared: readonly string[],
  live: readonly LiveObject[],
  label: (id: string) => string,
): Check[] {
  const missing = declared.filter((id) => !live.some((owner) => owner.id === id))
  const extra = live.filter(({ id }) => !declared.includes(id))
  if (missing.length + extra.length === 0) return [passed(name, 'as declared')]
  return [
    ...missing.map((id) => failed(name, differs(`missing: ${label(id)} (${id})`))),
    ...extra.map((owner) => warning(name, `${owner.name} (${owner.id}) is an owner, but not declared`)),
  ]
}

/**
 * Compares who is assigned with what is declared. Where anybody may sign in, Entra itself assigns whoever does, without a
 * role; that says nothing.
 */
export function judgeAssignments(
  { assignments, settings }: AppOutputs,
  live: readonly LiveAssignment[],
): Check[] {
  const name = 'assignments'
  const required = settings['servicePrincipal.assignmentRequired'] === true
  const same = (a: { principalId: string; roleId: string }) => (b: { principalId: string; roleId: string }) =>
    a.principalId === b.principalId && a.roleId === b.roleId
  const missing = assignments.filter((each) => !live.some(same(each)))
  const extra = live.filter(
    (each) => !assignments.some(same(each)) && (required || each.roleId !== DEFAULT_ACCESS),
  )
  if (missing.length + extra.length === 0) return [passed(name, 'as declared')]
  return [
    ...missing.map(({ principal, role }) =>
      failed(name, differs(`missing: ${principal}${role === undefined ? '' : ` as ${role}`}`)),
    ),
    ...extra.map(({ name: who, principalId, roleId }) =>
      warning(name, `${who} (${principalId}) is assigned to role ${roleId}, but not declared`),
    ),
  ]
}

function differs(message: string) {
  return contractFailure('REGISTRATION_DIFFERS', message)
}
