import { describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../../infra/contract/outputs.ts'
import { judgeAssignments, judgeOwners } from '../../../../scripts/proof/directory/people-drift.ts'
import type { Registration } from '../../../../scripts/proof/directory/registration.ts'
import type { Check } from '../../../../scripts/proof/model/report.ts'

const problems = (checks: readonly Check[]) =>
  checks
    .filter(({ status }) => status !== 'passed')
    .map(({ status, name, detail, explanation }) => `${status} ${name}: ${explanation?.message ?? detail}`)

describe('judgeOwners', () => {
  const facts = {
    owners: { 'ada@a': 'u1' },
    ownerIds: { application: ['d', 'u1'], servicePrincipal: ['d', 'u1'] },
  } as unknown as AppOutputs
  const judge = (owners: string[], principalOwners: string[]) => {
    const people = (ids: string[]) => ids.map((id) => ({ id, name: `name of ${id}` }))
    const live = {
      owners: people(owners),
      principalOwners: people(principalOwners),
    } as unknown as Registration
    return problems(judgeOwners(facts, live, 'd'))
  }

  it('passes who is declared, the deployer included', () => {
    expect(judge(['u1', 'd'], ['d', 'u1'])).toEqual([])
  })

  it('tells who is missing by name, and who is there by theirs', () => {
    expect(judge(['d'], ['u1', 'd', 'x'])).toEqual([
      'failed owners: missing: ada@a (u1)',
      'warning owners of the service principal: name of x (x) is an owner, but not declared',
    ])
    expect(judge(['u1'], ['u1', 'd'])).toEqual(['failed owners: missing: the deployer (d)'])
  })
})

describe('judgeAssignments', () => {
  const NONE = '00000000-0000-0000-0000-000000000000'
  const ada = { kind: 'user', principal: 'ada@a', principalId: 'u1', role: 'Reader', roleId: 'r1' } as const
  const judge = (assignmentRequired: boolean, ...live: (readonly [string, string])[]) =>
    problems(
      judgeAssignments(
        {
          assignments: [ada],
          settings: { 'servicePrincipal.assignmentRequired': assignmentRequired },
        } as unknown as AppOutputs,
        live.map(([principalId, roleId]) => ({ principalId, roleId, name: `name of ${principalId}` })),
      ),
    )

  it('tells who is missing, and who is there in which role', () => {
    expect(judge(false, ['u1', 'r1'])).toEqual([])
    expect(judge(false, ['u1', 'r2'])).toEqual([
      'failed assignments: missing: ada@a as Reader',
      'warning assignments: name of u1 (u1) is assigned to role r2, but not declared',
    ])
  })

  it('thinks nothing of those whom Entra assigned when they signed in', () => {
    expect(judge(false, ['u1', 'r1'], ['u2', NONE])).toEqual([])
    expect(judge(true, ['u1', 'r1'], ['u2', NONE])).toEqual([
      `warning assignments: name of u2 (u2) is assigned to role ${NONE}, but not declared`,
    ])
  })
})
