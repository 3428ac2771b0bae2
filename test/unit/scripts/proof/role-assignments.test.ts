import { describe, expect, it } from 'vitest'
import { explain } from '../../../../scripts/proof/catalogue/index.ts'
import type { Entity, Read } from '../../../../scripts/proof/directory/reader.ts'
import { judgeRoles, surveyRoles } from '../../../../scripts/proof/directory/role-assignments.ts'

const EXCHANGE = '29232cdf-9323-42fd-ade2-1d097af3e4de'
const READER = '4a5d8f65-41da-4de4-8968-e035b65339cf'
const declared = { 'Exchange Administrator': EXCHANGE }
const held = (roleDefinitionId: string, directoryScopeId = '/'): Entity => ({
  roleDefinitionId,
  directoryScopeId,
  appScopeId: null,
})
const found = (...value: Entity[]): Read<readonly Entity[]> => ({ ok: true, value })
const forbidden = {
  source: 'graph',
  code: 'Authorization_RequestDenied',
  status: 403,
  message: 'no',
  support: {},
} as const
const refused: Read<readonly Entity[]> = { ok: false, failure: explain(forbidden) }

describe('judgeRoles', () => {
  it('passes what is assigned as declared, and says nothing where there is nothing', () => {
    expect(judgeRoles(declared, found(held(EXCHANGE)))).toEqual([
      { name: 'directory roles', status: 'passed', detail: 'exactly Exchange Administrator' },
    ])
    expect(judgeRoles({}, found())).toEqual([])
    expect(judgeRoles({}, refused)).toEqual([])
  })

  it('finds what is missing, and what was assigned by hand, over less than the directory too', () => {
    const checks = judgeRoles(declared, found(held(READER), held(EXCHANGE, '/administrativeUnits/u')))
    expect(checks.map(({ status, name, explanation }) => [status, name, explanation?.message])).toEqual([
      ['failed', 'directory role Exchange Administrator', 'declared, not assigned'],
      ['failed', 'directory role Reports Reader', 'assigned, not declared'],
      [
        'failed',
        'directory role Exchange Administrator',
        'assigned over /administrativeUnits/u, not declared',
      ],
    ])
  })

  it('says that declared ones cannot be read', () => {
    expect(judgeRoles(declared, refused)).toMatchObject([{ name: 'directory roles', status: 'skipped' }])
  })
})

describe('surveyRoles', () => {
  const apps = [{ servicePrincipalId: 'a' }, { servicePrincipalId: 'b', directoryRoles: declared }]
  const survey = async (all: boolean) => {
    const asked: (readonly string[])[] = []
    const reader = {
      lists: async (paths: readonly string[]) => {
        asked.push(paths)
        return paths.map(() => found(held(EXCHANGE)))
      },
    }
    return { checks: await surveyRoles(apps, reader, all), asked: asked.flat() }
  }

  it('asks about those that declare roles, and of a comparison with the directory about all', async () => {
    const some = await survey(false)
    expect(some.asked).toEqual([expect.stringContaining(encodeURIComponent("principalId eq 'b'"))])
    expect(some.checks.map((checks) => checks.map(({ status }) => status))).toEqual([[], ['passed']])
    expect((await survey(true)).checks.map((checks) => checks.map(({ status }) => status))).toEqual([
      ['failed'],
      ['passed'],
    ])
  })
})
