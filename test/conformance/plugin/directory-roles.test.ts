import { beforeAll, describe, expect, it } from 'vitest'
import { directoryRoleAssignment } from '../../../plugin/resources/directory-role-assignment.ts'
import { deployerGraph } from '../../support/rehearsal.ts'
import { Bench, type Made } from './bench.ts'

const bench = new Bench('RoleManagement.ReadWrite.Directory')
const EXCHANGE = '29232cdf-9323-42fd-ade2-1d097af3e4de'

describe('azuread.DirectoryRoleAssignment', () => {
  let principalObjectId: string
  let made: Made
  beforeAll(async () => {
    const graph = await deployerGraph(bench.tenant)
    const { appId } = await graph('POST', '/applications', { displayName: 'Mailboxes' })
    principalObjectId = String((await graph('POST', '/servicePrincipals', { appId }))['id'])
    made = await bench.make(directoryRoleAssignment, { roleId: EXCHANGE, principalObjectId })
  })

  it('is made over the whole directory, and stays as it is', async () => {
    expect(made.id).toMatch(/^\/roleManagement\/directory\/roleAssignments\/[^/]+$/)
    expect(made.state).toMatchObject({ roleId: EXCHANGE, principalObjectId, directoryScopeId: '/' })
    await bench.expectSettled(directoryRoleAssignment, made)
  })

  it('is imported by the id that the official plugin has', async () => {
    const read = await bench.refresh(directoryRoleAssignment, { id: made.id, state: {}, inputs: {} })
    expect(read?.state).toMatchObject({ roleId: EXCHANGE, principalObjectId })
    const bare = made.id.split('/').at(-1) as string
    await expect(bench.refresh(directoryRoleAssignment, { id: bare, state: {}, inputs: {} })).rejects.toThrow(
      'is not the id of',
    )
  })

  it('names one scope at most, and is gone after its removal', async () => {
    const news = { roleId: EXCHANGE, principalObjectId, directoryScopeId: '/', appScopeId: '/a' }
    expect(bench.provider.check(directoryRoleAssignment.token, news).failures.length).toBeGreaterThan(0)
    await bench.remove(directoryRoleAssignment, made)
    expect(await bench.refresh(directoryRoleAssignment, made)).toBeUndefined()
  })
})
