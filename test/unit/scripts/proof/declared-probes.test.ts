import { describe, expect, it } from 'vitest'
import { readDeclaration } from '../../../../infra/rules/validate.ts'
import { defaultProbes } from '../../../../scripts/proof/checks/default-probes.ts'
import { parseProbe, probesFor } from '../../../../scripts/proof/checks/probes.ts'

const problems = (verify: string[], verifyWrites: string[] = []) => {
  const read = readDeclaration({ app: { displayName: 'App', verify, verifyWrites } })
  return read.ok ? [] : read.problems.map(({ path }) => path.join('.'))
}

describe('probes in the declaration', () => {
  it('are reads, unless they are asked for as writes', () => {
    expect(problems(['GET /users?$top=1'], ['POST /groups {"displayName":"x"}', 'DELETE /groups/1'])).toEqual(
      [],
    )
    expect(problems(['POST /groups {}'])).toEqual(['apps.app.verify.0'])
    expect(problems([], ['GET /users', 'POST /groups {"displayName"'])).toEqual([
      'apps.app.verifyWrites.0',
      'apps.app.verifyWrites.1',
    ])
  })

  it('can all be read by the engine', () => {
    expect(parseProbe('GET /users?$filter=startswith(displayName,%27A%27)')).toMatchObject({
      method: 'GET',
      path: '/users?$filter=startswith(displayName,%27A%27)',
    })
    expect(parseProbe('POST /groups {"displayName": "a b"}')).toMatchObject({
      method: 'POST',
      path: '/groups',
      body: { displayName: 'a b' },
    })
    expect(() => parseProbe('FETCH /users')).toThrow(SyntaxError)
  })
})

describe('default probes', () => {
  it('are asked once, however many permissions need the same read', () => {
    expect(defaultProbes(['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'])).toEqual([
      'GET /users?$top=1&$select=id',
    ])
  })

  it('know nothing for what needs a name, and make room for declared ones', () => {
    expect(defaultProbes(['Mail.Send', 'constructor'])).toEqual([])
    expect(probesFor(['GET /me'], ['User.Read.All']).map(({ text }) => text)).toEqual(['GET /me'])
  })
})
