import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from '../tenant/client.ts'

let at: TestTenant
let application: Answer
let path: string

const GITHUB = {
  name: 'github-main',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/files:ref:refs/heads/main',
  audiences: ['api://AzureADTokenExchange'],
}

beforeAll(async () => {
  at = await openTenant()
  application = expectStatus(await at.graph('POST', '/applications', { displayName: 'federated' }), 201)
  path = `/applications/${application.id}/federatedIdentityCredentials`
})
afterAll(() => at.close())

describe('federated identity credentials', () => {
  it('are created, read by id and by name, patched and deleted', async () => {
    const created = await at.graph('POST', path, {
      '@odata.type': '#microsoft.graph.federatedIdentityCredential',
      ...GITHUB,
      description: '',
    })
    const { url, tenantId } = at.tenant
    const { id, ...body } = expectStatus(created, 201)
    const context = `${url}/v1.0/$metadata#applications('${application.id}')/federatedIdentityCredentials`
    expect(body).toEqual({ '@odata.context': `${context}/$entity`, ...GITHUB, description: '' })
    expect(created.headers['location']).toBe(`${url}/v2/${tenantId}/federatedIdentityCredentials/${id}`)
    for (const key of [id, GITHUB.name]) {
      expect(expectStatus(await at.graph('GET', `${path}/${key}`), 200)).toMatchObject({ id, ...GITHUB })
    }
    expect(expectStatus(await at.graph('GET', path), 200)).toMatchObject({
      '@odata.context': context,
      value: [{ id }],
    })
    const subject = 'repo:contoso/files:environment:production'
    expectStatus(await at.graph('PATCH', `${path}/${id}`, { ...GITHUB, id, subject }), 204)
    expect((await at.graph('GET', `${path}/${id}`)).json).toMatchObject({ subject })
    expectStatus(await at.graph('DELETE', `${path}/${id}`), 204)
    expectStatus(await at.graph('GET', `${path}/${id}`), 404)
  })

  it('belong to one application: another does not lead to them, and they go with it', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (displayName) =>
        expectStatus(await at.graph('POST', '/applications', { displayName }), 201),
      ),
    )
    const at1 = `/applications/${one.id}/federatedIdentityCredentials`
    const at2 = `/applications/${two.id}/federatedIdentityCredentials`
    const first = expectStatus(await at.graph('POST', at1, GITHUB), 201)
    const second = expectStatus(await at.graph('POST', at2, GITHUB), 201)
    expectStatus(await at.graph('GET', `${at2}/${first.id}`), 404)
    expect((await at.graph('GET', `${at2}/${GITHUB.name}`)).json.id).toBe(second.id)
    expectStatus(await at.graph('DELETE', `/applications/${one.id}`), 204)
    expectStatus(await at.graph('GET', `${at1}/${first.id}`), 404)
    expectStatus(await at.graph('GET', `${at2}/${second.id}`), 200)
  })

  const twin = { ...GITHUB, name: 'twin' }
  it.each([
    ['a name that is taken', { ...GITHUB, subject: 'other' }, 409, 'Request_MultipleObjectsWithSameKeyValue'],
    ['an issuer and subject that are taken', twin, 400, 'InvalidFederatedIdentityCredentialValue'],
    ['a name with a blank', { ...GITHUB, name: 'a b c' }, 400, 'Request_BadRequest'],
    ['a name with a slash', { ...GITHUB, name: 'a/b' }, 400, 'Request_BadRequest'],
    ['a name of 121 characters', { ...GITHUB, name: 'a'.repeat(121) }, 400, 'Request_BadRequest'],
    ['an http issuer', { ...twin, issuer: 'http://issuer.example.com' }, 400, 'Request_BadRequest'],
    ['two audiences', { ...twin, subject: 's', audiences: ['a', 'b'] }, 400, 'Request_BadRequest'],
    ['no audience', { ...twin, subject: 's', audiences: [] }, 400, 'Request_BadRequest'],
    ['a subject of 601 characters', { ...twin, subject: 's'.repeat(601) }, 400, 'Request_BadRequest'],
  ])('refuse %s', async (_name, body, status, code) => {
    const own = expectStatus(await at.graph('POST', '/applications', { displayName: 'rules' }), 201)
    const there = `/applications/${own.id}/federatedIdentityCredentials`
    expectStatus(await at.graph('POST', there, GITHUB), 201)
    expect(expectStatus(await at.graph('POST', there, body), status).error.code).toBe(code)
  })

  it.each(['prod.eu-west_1~a', 'x'.repeat(120), '7'])('take the name %s, as a key too', async (name) => {
    const own = expectStatus(await at.graph('POST', '/applications', { displayName: 'names' }), 201)
    const there = `/applications/${own.id}/federatedIdentityCredentials`
    const { id } = expectStatus(await at.graph('POST', there, { ...GITHUB, name }), 201)
    expect(expectStatus(await at.graph('GET', `${there}/${name}`), 200).id).toBe(id)
  })

  it('refuse another name in a PATCH, and more than twenty', async () => {
    const own = expectStatus(await at.graph('POST', '/applications', { displayName: 'twenty' }), 201)
    const there = `/applications/${own.id}/federatedIdentityCredentials`
    for (let n = 0; n < 20; n += 1) {
      expectStatus(await at.graph('POST', there, { ...GITHUB, name: `name-${n}`, subject: `s${n}` }), 201)
    }
    expectStatus(await at.graph('POST', there, { ...GITHUB, name: 'name-20', subject: 's20' }), 400)
    expectStatus(await at.graph('PATCH', `${there}/name-1`, { name: 'renamed' }), 400)
  })
})

describe('flexible federated identity credentials', () => {
  const FLEXIBLE = {
    name: 'any-branch',
    issuer: GITHUB.issuer,
    audiences: GITHUB.audiences,
    claimsMatchingExpression: { languageVersion: 1, value: "claims['sub'] matches 'repo:contoso/*'" },
  }
  const expression = (value: string) => ({
    ...FLEXIBLE,
    claimsMatchingExpression: { languageVersion: 1, value },
  })

  it('are made, read and changed on the beta endpoint, without a subject', async () => {
    const own = expectStatus(await at.graph('POST', '/applications', { displayName: 'flexible' }), 201)
    const there = `/beta/applications/${own.id}/federatedIdentityCredentials`
    const sent = { '@odata.type': '#microsoft.graph.federatedIdentityCredential', ...FLEXIBLE }
    const { id, ...made } = expectStatus(await at.graph('POST', there, sent), 201)
    expect(made).toMatchObject({ ...FLEXIBLE, subject: null })
    const changed = expression("claims['sub'] eq 'repo:contoso/files:pull_request'")
    expectStatus(await at.graph('PATCH', `${there}/${id}`, { ...changed, id }), 204)
    expect((await at.graph('GET', `${there}/${id}`)).json).toMatchObject(changed)
    const { json: v1 } = await at.graph('GET', there.slice('/beta'.length))
    expect(v1.value).toMatchObject([{ id, subject: null }])
    expect(v1.value[0]).not.toHaveProperty('claimsMatchingExpression')
  })

  it.each([
    ['a subject beside the expression', { ...FLEXIBLE, subject: GITHUB.subject }],
    ['neither a subject nor an expression', { ...FLEXIBLE, claimsMatchingExpression: null }],
    ['another issuer', { ...FLEXIBLE, issuer: 'https://issuer.example.com' }],
    [
      'another version',
      { ...FLEXIBLE, claimsMatchingExpression: { languageVersion: 2, value: "claims['sub'] eq 'x'" } },
    ],
    ['a claim that is not supported', expression("claims['actor'] eq 'octocat'")],
    ['an operator that there is not', expression("claims['sub'] startsWith 'repo:'")],
  ])('refuse %s', async (_name, body) => {
    const own = expectStatus(await at.graph('POST', '/applications', { displayName: 'flexible' }), 201)
    const there = `/beta/applications/${own.id}/federatedIdentityCredentials`
    expect(expectStatus(await at.graph('POST', there, body), 400).error.code).toBe('Request_BadRequest')
  })

  it('do not exist for v1.0', async () => {
    expectStatus(await at.graph('POST', path, FLEXIBLE), 400)
  })
})
