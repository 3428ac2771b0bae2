import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../../tenant/graph/routes.ts'
import type { Route } from '../../../tenant/request/route.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

/** The path of a route with keys that name nothing. */
const address = (route: Route): string =>
  (route.betaOnly ? '/beta' : '') + route.path.replaceAll(/\{\w+\}/g, 'ffffffff-0000-4000-8000-000000000000')

describe('a request without a good token', () => {
  const forged = (change: (token: string) => string) => async () => change(await at.token())
  const cases: [name: string, header: () => Promise<string | undefined>, message: string | RegExp][] = [
    ['no header', async () => undefined, 'Access token is empty.'],
    ['another scheme', async () => 'Basic eDp5', 'Access token is empty.'],
    ['an empty token', async () => 'Bearer ', 'Access token is empty.'],
    ['a word', async () => 'Bearer hello', 'CompactToken parsing failed with error code: 80049217'],
    [
      'a changed claim',
      forged((token) => {
        const [head, body = '', signature] = token.split('.')
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
        const changed = Buffer.from(
          JSON.stringify({ ...claims, roles: ['Directory.ReadWrite.All'] }),
        ).toString('base64url')
        return `Bearer ${head}.${changed}.${signature}`
      }),
      'Access token validation failure. Invalid signature.',
    ],
    [
      'no signature at all',
      forged((token) => {
        const [head = '', body] = token.split('.')
        const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString())
        const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT', kid })).toString('base64url')
        return `Bearer ${none}.${body}.`
      }),
      'Access token validation failure. Invalid signature.',
    ],
  ]
  it.each(cases)('(%s) is 401 in words of Graph', async (_name, header, message) => {
    const authorization = await header()
    const answer = await at.send('GET', '/v1.0/applications', {
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        'client-request-id': 'a1b2c3d4-0000-4000-8000-000000000000',
      },
    })
    expect(expectStatus(answer, 401).error).toMatchObject({
      code: 'InvalidAuthenticationToken',
      message,
      innerError: {
        'request-id': answer.headers['request-id'],
        'client-request-id': 'a1b2c3d4-0000-4000-8000-000000000000',
      },
    })
  })

  it('(a token of another tenant) is 401', async () => {
    const other = await openTenant()
    try {
      const answer = await at.graph('GET', '/applications', undefined, await other.token())
      expect(answer.status).toBe(401)
    } finally {
      await other.close()
    }
  })

  it('is refused at every route of the table, and beyond it', async () => {
    for (const route of routes.filter(({ path }) => !isMine(path))) {
      const answer = await at.send(
        route.method,
        route.betaOnly ? address(route) : `/v1.0${address(route)}`,
        route.method === 'GET' ? {} : { body: {} },
      )
      expect(answer.status, `${route.method} ${route.path}`).toBe(401)
    }
    expect((await at.send('GET', '/v1.0/planner')).status).toBe(401)
    expect((await at.send('GET', '/beta')).status).toBe(401)
  })
})

describe('a token without the permission', () => {
  it('is 403 at every route of the table', async () => {
    const token = await at.token(await at.client([]))
    for (const route of routes.filter(({ path }) => !isMine(path))) {
      const answer = await at.graph(
        route.method,
        address(route),
        route.method === 'GET' ? undefined : {},
        token,
      )
      expect(answer.status, `${route.method} ${route.path}`).toBe(403)
      expect(answer.json.error).toMatchObject({
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
      })
    }
  })

  it('is not helped by a delegated scope of the same name', async () => {
    const client = await at.client([])
    const [resource] = (await at.graph('GET', '/servicePrincipals?$select=id,appId')).json.value.filter(
      (each: Answer) => each.appId === '00000003-0000-0000-c000-000000000000',
    )
    const grant = {
      clientId: client.servicePrincipal.id,
      resourceId: resource.id,
      consentType: 'AllPrincipals',
      scope: 'User.Read.All',
    }
    expectStatus(await at.graph('POST', '/oauth2PermissionGrants', grant), 201)
    expect((await at.graph('GET', '/users', undefined, await at.token(client))).status).toBe(403)
  })
})

describe('each permission that a route names', () => {
  it('lets the caller in, and the request log says which one did', async () => {
    const seen = new Map<string, string>()
    for (const route of routes.filter(({ path }) => !isMine(path))) {
      for (const { allOf } of route.allowed) seen.set([...allOf].sort().join('+'), '')
    }
    for (const combination of seen.keys()) {
      const roles = combination.split('+')
      const token = await at.token(await at.client(roles))
      const open = routes.filter(
        ({ path, allowed }) =>
          !isMine(path) && allowed.some(({ allOf }) => allOf.every((each) => roles.includes(each))),
      )
      for (const route of open) {
        const body = route.method === 'GET' ? undefined : {}
        const answer = await at.graph(route.method, address(route), body, token)
        expect(
          [200, 204, 400, 404],
          `${combination}: ${route.method} ${route.path} → ${answer.text}`,
        ).toContain(answer.status)
        const allowedBy = at.tenant.requests().at(-1)?.allowedBy?.split('+').sort()
        expect(roles, `${route.method} ${route.path}`).toEqual(
          expect.arrayContaining(allowedBy ?? ['nothing']),
        )
      }
    }
  }, 120_000)
})

describe('Application.ReadWrite.OwnedBy', () => {
  it('changes what the caller owns, and reads the rest', async () => {
    const owner = await at.client(['Application.ReadWrite.OwnedBy'])
    const token = await at.token(owner)
    const mine = expectStatus(await at.graph('POST', '/applications', { displayName: 'mine' }, token), 201)
    const principal = expectStatus(
      await at.graph('POST', '/servicePrincipals', { appId: mine.appId }, token),
      201,
    )
    const theirs = expectStatus(await at.graph('POST', '/applications', { displayName: 'theirs' }), 201)
    const theirPrincipal = expectStatus(
      await at.graph('POST', '/servicePrincipals', { appId: theirs.appId }),
      201,
    )
    const orphan = expectStatus(await at.graph('POST', '/applications', { displayName: 'orphan' }), 201)

    const attempts = async (application: Answer, servicePrincipal: Answer): Promise<number[]> => {
      const requests: [string, string, object?][] = [
        ['PATCH', `/applications/${application.id}`, { notes: 'x' }],
        ['POST', `/applications/${application.id}/addPassword`, {}],
        ['PATCH', `/servicePrincipals/${servicePrincipal.id}`, { notes: 'x' }],
        ['POST', `/servicePrincipals/${servicePrincipal.id}/addPassword`, {}],
        ['GET', `/applications/${application.id}`],
        ['DELETE', `/servicePrincipals/${servicePrincipal.id}`],
        ['DELETE', `/applications/${application.id}`],
      ]
      const statuses = []
      for (const [method, path, body] of requests)
        statuses.push((await at.graph(method, path, body, token)).status)
      return statuses
    }
    expect(await attempts(theirs, theirPrincipal)).toEqual([403, 403, 403, 403, 200, 403, 403])
    expect(await attempts(mine, principal)).toEqual([204, 200, 204, 200, 200, 204, 204])
    expect((await at.graph('POST', '/servicePrincipals', { appId: orphan.appId }, token)).status).toBe(403)
  })

  it('ends with ownership', async () => {
    const owner = await at.client(['Application.ReadWrite.OwnedBy'])
    const token = await at.token(owner)
    const mine = expectStatus(
      await at.graph('POST', '/applications', { displayName: 'given up' }, token),
      201,
    )
    const own = `/applications/${mine.id}/owners/${owner.servicePrincipal.id}/$ref`
    expectStatus(await at.graph('DELETE', own, undefined, token), 204)
    expect((await at.graph('PATCH', `/applications/${mine.id}`, { notes: 'x' }, token)).status).toBe(403)
  })
})

describe('an address that nothing serves', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'is 501 for %s, in words, and noted as a gap',
    async (method) => {
      const answer = await at.graph(method, '/planner/x', method === 'GET' ? undefined : {})
      expect(expectStatus(answer, 501).error).toMatchObject({
        code: 'NotImplemented',
        message: `The local tenant does not implement ${method} /v1.0/planner/x.`,
      })
      expect(at.tenant.requests().at(-1)).toMatchObject({
        method,
        path: '/v1.0/planner/x',
        status: 501,
        gap: expect.stringContaining('/planner/x'),
      })
    },
  )

  it('is 501 for a method that a known address does not take', async () => {
    expect((await at.graph('PUT', '/applications', {})).status).toBe(501)
  })

  it('is 404 outside Graph and login', async () => {
    expect((await at.send('GET', '/favicon.ico')).status).toBe(404)
  })
})

describe('the request log', () => {
  it('names caller and permission, and never a token, a secret or a query value', async () => {
    const lines: string[] = []
    const logged = await openTenant({ log: (line) => lines.push(line) })
    try {
      const token = await logged.token()
      const secret = expectStatus(
        await logged.graph(
          'POST',
          `/applications/${(await logged.client([])).application.id}/addPassword`,
          {},
        ),
        200,
      ).secretText
      await logged.graph(
        'GET',
        `/applications?$filter=${encodeURIComponent(`displayName eq '${secret}'`)}&$select=id`,
      )
      const written = `${lines.join('\n')}${JSON.stringify(logged.tenant.requests())}`
      expect(written).toContain('/v1.0/applications?$filter&$select')
      for (const confidential of [token, token.split('.')[2] ?? '', secret])
        expect(written).not.toContain(confidential)
      expect(logged.tenant.requests().at(-1)).toMatchObject({
        method: 'GET',
        status: 200,
        callerAppId: logged.tenant.deployer.clientId,
        allowedBy: 'Application.Read.All',
      })
    } finally {
      await logged.close()
    }
  })
})

/** What only users have, and applications are refused in words of its own. */
function isMine(path: string): boolean {
  return /^\/me(\/|$)/.test(path)
}
