import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../../../infra/contract/outputs.ts'
import { certificateIn } from '../../../../../infra/keys/certificates.ts'
import { makeKeyPair } from '../../../../../infra/keys/key-pair.ts'
import {
  gatherLocalKeys,
  type LocalKeys,
  matchLocalKeys,
  prove,
  stackTargets,
} from '../../../../../scripts/proof/index.ts'
import { PLAIN_APP } from '../../../../support/app-outputs.ts'
import { certificatePem, pfxOf } from '../../../infra/rules/certificate.ts'
import { fakePorts, unsigned } from '../fake-ports.ts'

const KEY = { from: 'key.pem', isNamed: true, credential: { kind: 'certificate', pem: 'x' } } as const
const AUDIENCE = 'api://AzureADTokenExchange'
const ISSUER = 'https://issuer.example'

const app = (more: Partial<AppOutputs> = {}): AppOutputs => ({
  ...PLAIN_APP,
  clientId: 'client',
  tenantId: 'tenant',
  objectId: 'object',
  servicePrincipalId: 'principal',
  ...more,
})
const SINCE = '2026-01-01T00:00:00Z'
const targets = (more: Partial<AppOutputs>) =>
  stackTargets({ apps: { files: app(more) }, ledger: {}, secretValues: {} })

const federated = (subject = 'ci', audience = AUDIENCE): Partial<AppOutputs> => ({
  federatedCredentials: { 'ci-main': { issuer: ISSUER, subject, audience, since: SINCE } },
})
const certificate = (thumbprint: string, endDate = '2027-01-01T00:00:00Z'): Partial<AppOutputs> => ({
  certificates: { partner: [{ keyId: 'key-1', thumbprint, subject: 'CN=partner', endDate }] },
})
const tokenOf = (claims: Record<string, unknown>): LocalKeys => ({
  keys: [],
  assertions: {
    from: 'a file',
    request: async () => unsigned(claims),
    credential: () => ({ kind: 'federated', tokenFile: 'token' }),
  },
})
const ports = () =>
  fakePorts({
    token: () => ({
      ok: true,
      token: unsigned({ tid: 'tenant', appid: 'client', aud: 'https://graph.example', roles: [] }),
    }),
  })

describe('a federated credential', () => {
  it('is proved with a token of its issuer, subject and audience', async () => {
    const { apps } = await matchLocalKeys(
      targets(federated()),
      tokenOf({ iss: ISSUER, sub: 'ci', aud: AUDIENCE }),
    )
    const report = await prove(apps, ports())
    expect(report).toMatchObject({ verdict: 'proved', exitCode: 0, summary: { credentials: 1, unproved: 0 } })
    expect(report.apps[0]?.credentials).toMatchObject([
      { label: 'ci-main', kind: 'federated', verdict: 'proved', requests: { token: 1 } },
    ])
  })

  it('is compared with what was presented when the login itself is refused', async () => {
    const message = "No matching federated identity record found for presented assertion subject 'ci'. Check."
    const refusing = fakePorts({
      token: () => ({
        ok: false,
        failure: { source: 'login', code: 'AADSTS700213', message, support: {} },
      }),
    })
    const { apps } = await matchLocalKeys(
      targets(federated()),
      tokenOf({ iss: ISSUER, sub: 'ci', aud: AUDIENCE }),
    )
    const [credential] = (await prove(apps, refusing)).apps[0]?.credentials ?? []
    expect(credential?.checks[0]?.explanation?.message).toMatch(
      /presents subject "ci"; declared: ci-main "ci", exactly this: the directory holds another one/,
    )
  })

  it('is waited for while it is young, and not when nobody knows how old it is', async () => {
    const refusing = () =>
      fakePorts({
        token: () => ({
          ok: false,
          failure: { source: 'login', code: 'AADSTS70025', message: 'none', support: {} },
        }),
      })
    const proofOf = async (since = SINCE) => {
      const trusted = { issuer: ISSUER, subject: 'ci', audience: AUDIENCE, since }
      const { apps } = await matchLocalKeys(
        targets({ federatedCredentials: { 'ci-main': trusted } }),
        tokenOf({ iss: ISSUER, sub: 'ci', aud: AUDIENCE }),
      )
      return (await prove(apps, refusing(), { wait: { deadlineMs: 60_000 } })).apps[0]?.credentials[0]
    }
    expect(await proofOf('2026-03-01T11:59:00Z')).toMatchObject({ verdict: 'notReady' })
    expect(await proofOf('2026-02-01T00:00:00Z')).toMatchObject({ verdict: 'wrong', attempts: 1 })
  })

  it('is shown as configured where no token is available, and nothing is asked', async () => {
    const { apps } = await matchLocalKeys(targets(federated()), { keys: [] })
    const asked = ports()
    const report = await prove(apps, asked)
    expect(asked.tokenRequests).toEqual([])
    expect(report).toMatchObject({ verdict: 'proved', exitCode: 0, summary: { credentials: 1, unproved: 1 } })
    expect(report.apps[0]?.credentials).toMatchObject([
      {
        label: 'ci-main',
        verdict: 'unproved',
        checks: [
          { status: 'skipped', detail: expect.stringMatching(/^configured, not proved from here: no token/) },
        ],
      },
    ])
  })

  it.each([
    ['issuer', { iss: 'https://other.example', sub: 'ci', aud: AUDIENCE }, `iss is "https://other.example"`],
    ['subject', { iss: ISSUER, sub: 'other', aud: AUDIENCE }, 'sub is "other" instead of "ci"'],
    ['case', { iss: ISSUER, sub: 'CI', aud: AUDIENCE }, '(only the case differs)'],
    ['audience', { iss: ISSUER, sub: 'ci', aud: ['a', 'b'] }, `aud is "a", "b" instead of "${AUDIENCE}"`],
    ['claims', {}, `iss is "" instead of "${ISSUER}", sub is "" instead of "ci"`],
  ])('stays unproved with a token of another %s, and says so', async (_, claims, said) => {
    const { apps } = await matchLocalKeys(targets(federated()), tokenOf(claims))
    expect(apps[0]?.credentials).toEqual([])
    expect(apps[0]?.deployed).toEqual([
      expect.objectContaining({ why: expect.stringContaining(`the token from a file does not match: `) }),
    ])
    expect(apps[0]?.deployed?.[0]?.why).toContain(said)
    expect(apps[0]?.checks).toEqual([])
  })

  it('is wrong where the token is meant for this application, and it trusts none like it', async () => {
    const own = { ...tokenOf({ iss: ISSUER, sub: 'other', aud: AUDIENCE }), clientId: 'CLIENT' }
    const { apps } = await matchLocalKeys(targets(federated()), own)
    const report = await prove(apps, ports())
    expect(report).toMatchObject({ verdict: 'wrong', exitCode: 1 })
    expect(report.apps[0]?.checks).toMatchObject([
      { status: 'failed', explanation: { code: 'FEDERATION_DIFFERS' } },
    ])
  })

  it('asks for a token once for each audience, and says when it cannot have one', async () => {
    const asked: string[] = []
    const request = async (audience: string) => {
      asked.push(audience)
      throw new Error('no such file')
    }
    const trusts = {
      one: { issuer: ISSUER, subject: 'a', audience: AUDIENCE, since: SINCE },
      two: { issuer: ISSUER, subject: 'b', audience: AUDIENCE, since: SINCE },
      three: { issuer: ISSUER, subject: 'c', audience: 'api://other', since: SINCE },
    }
    const { apps } = await matchLocalKeys(targets({ federatedCredentials: trusts }), {
      keys: [],
      assertions: { from: 'a file', request, credential: () => expect.unreachable() },
    })
    expect(asked).toEqual([AUDIENCE, 'api://other'])
    expect(apps[0]?.deployed?.map(({ why }) => why)).toEqual(
      Array.from({ length: 3 }, () => 'could not get a token from a file: no such file'),
    )
  })
})

describe('a given certificate', () => {
  it('is proved with a key of its thumbprint', async () => {
    const key = { thumbprint: 'AA', ...KEY } as const
    const { apps, checks } = await matchLocalKeys(targets(certificate('AA')), { keys: [key] })
    expect(checks).toEqual([])
    expect((await prove(apps, ports())).apps[0]?.credentials).toMatchObject([
      { label: 'partner', kind: 'certificate', keyId: 'key-1', verdict: 'proved' },
    ])
  })

  it('is not taken for another one, and the key that fits nothing is named', async () => {
    const key = { thumbprint: 'BB', ...KEY } as const
    const { apps, checks } = await matchLocalKeys(targets(certificate('AA')), { keys: [key] })
    expect(apps[0]?.credentials).toEqual([])
    expect(checks).toMatchObject([{ status: 'warning', detail: expect.stringMatching(/^key\.pem: .* BB$/) }])
    const found = { keys: [{ ...key, isNamed: false }], unusable: 'it is not a certificate' }
    expect((await matchLocalKeys(targets(certificate('AA')), found)).checks).toMatchObject([
      { status: 'skipped', detail: 'it is not a certificate' },
    ])
  })

  it.each([
    ['2027-01-01T00:00:00Z', undefined, 'passed', 0],
    ['2026-03-20T00:00:00Z', undefined, 'warning', 0],
    ['2026-03-20T00:00:00Z', 30 * 86_400_000, 'failed', 1],
    ['2026-03-01T12:00:00Z', undefined, 'failed', 1],
  ])(
    'that ends on %s is judged by its end, though it is not proved',
    async (endDate, within, status, exitCode) => {
      const report = await prove(targets(certificate('AA', endDate)), ports(), {
        ...(within !== undefined && { failWithinMs: within }),
      })
      expect(report.exitCode).toBe(exitCode)
      expect(report.apps[0]?.credentials).toMatchObject([
        {
          verdict: 'unproved',
          endDate,
          checks: [
            { detail: expect.stringMatching(/^deployed, not proved from here: /) },
            { name: 'expiry', status },
          ],
        },
      ])
    },
  )
})

describe('what is available', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-at-hand-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(dir, name), content)
    return join(dir, name)
  }
  const pair = () =>
    makeKeyPair({
      subject: 'CN=partner',
      keySize: 2048,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
    })

  it('is a key as PEM, or in a PFX file, with the certificate that names it', async () => {
    const pem = await pair()
    const path = await write('key.pem', pem)
    const pfx = await write('key.pfx', await pfxOf({ notAfter: '2027-01-01T00:00:00Z', passphrase: 'right' }))
    const { keys } = await gatherLocalKeys(
      { AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'right' },
      { certificates: [pfx] },
    )
    expect(keys[1]).toMatchObject({ from: path, thumbprint: certificateIn(pem)?.thumbprint })
    expect(keys[0]?.credential).toEqual({
      kind: 'certificate',
      pem: expect.stringMatching(/PRIVATE KEY-----[\s\S]*BEGIN CERTIFICATE-----/),
    })
  })

  it('is not a key that cannot be read, or has no certificate beside it', async () => {
    const certificateOnly = await write(
      'c.pem',
      await certificatePem({ notAfter: '2027-01-01T00:00:00Z', bits: 2048 }),
    )
    const pfx = await write('k.pfx', await pfxOf({ notAfter: '2027-01-01T00:00:00Z', passphrase: 'right' }))
    const gather = (file: string) => gatherLocalKeys({}, { certificates: [file] })
    await expect(gather(certificateOnly)).rejects.toMatchObject({
      code: 'NO_CREDENTIAL',
      message: expect.stringMatching(/holds no private key with its certificate/),
    })
    await expect(gather(pfx)).rejects.toThrow(/it needs a passphrase \(AZURE_CLIENT_CERTIFICATE_PASSWORD\)/)
    await expect(gather(join(dir, 'missing.pem'))).rejects.toThrow(/ENOENT/)
    // The environment may name one for something else altogether.
    expect(await gatherLocalKeys({ AZURE_CLIENT_CERTIFICATE_PATH: certificateOnly })).toEqual({
      keys: [],
      unusable: expect.stringMatching(/holds no private key with its certificate/),
    })
  })

  it("is a federated token's file, read anew each time, before GitHub's token service", async () => {
    const file = await write('token', 'first\n')
    const github = {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example/t?v=1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b',
    }
    const { assertions } = await gatherLocalKeys({ AZURE_FEDERATED_TOKEN_FILE: file, ...github })
    expect(await assertions?.request(AUDIENCE)).toBe('first')
    await write('token', 'second\n')
    expect(await assertions?.request(AUDIENCE)).toBe('second')

    const seen: string[] = []
    const fetch: typeof globalThis.fetch = async (url) => {
      seen.push(String(url))
      return Response.json({ value: 'from GitHub' })
    }
    expect(assertions?.credential(AUDIENCE)).toEqual({ kind: 'federated', tokenFile: file })
    const inJob = await gatherLocalKeys(github, { fetch })
    const credential = inJob.assertions?.credential('api://other')
    expect(credential?.kind === 'assertion' && (await credential.request())).toBe('from GitHub')
    expect(seen).toEqual(['https://x.example/t?v=1&audience=api%3A%2F%2Fother'])
    expect(await gatherLocalKeys({ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example/' })).toEqual({
      keys: [],
    })
  })
})
