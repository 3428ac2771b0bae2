import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../plugin/client/configuration.ts'
import { readEndpoints, Session } from '../../../plugin/client/session.ts'
import { UNKNOWN } from '../../../plugin/protocol/wire.ts'
import { ENV, HOST, ScriptedDirectory } from './directory.ts'

describe('the configuration', () => {
  it('takes stack config before the environment', () => {
    expect(readConfiguration({ tenantId: 'from-stack' }, ENV)).toMatchObject({
      tenantId: 'from-stack',
      clientId: ENV.ARM_CLIENT_ID,
      metadataHost: HOST,
    })
  })

  it('names every missing setting with its variable and the fix, and no value', () => {
    const { ARM_CLIENT_SECRET } = ENV
    expect(() => readConfiguration({ clientId: '' }, { ARM_CLIENT_SECRET })).toThrow(
      'The azuread provider lacks azuread:metadataHost (or ARM_METADATA_HOSTNAME), azuread:tenantId (or ARM_TENANT_ID), ' +
        'azuread:clientId (or ARM_CLIENT_ID). Start the local tenant with `npm run tenant`',
    )
  })

  it('waits for a setting that is not known yet', () => {
    expect(readConfiguration({ tenantId: UNKNOWN }, ENV)).toBeUndefined()
  })

  it.each(['localhost:1', '127.0.0.1:8443', '127.1.2.3', '[::1]:8443', 'LOCALHOST:8443'])(
    'serves %s',
    (metadataHost) => {
      expect(readConfiguration({ metadataHost }, ENV)).toMatchObject({ metadataHost })
    },
  )

  it.each([
    'login.microsoftonline.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '10.0.0.1:8443',
    'localhost@example.com',
    'example.com/localhost',
    '[::2]',
    '0.0.0.0',
    'not a host',
  ])('refuses %s and names the official plugin', (metadataHost) => {
    expect(() => readConfiguration({ metadataHost }, ENV)).toThrow(/pulumi plugin install resource azuread/)
  })

  it('refuses a metadata document that leads off this machine, or leads nowhere', () => {
    const document = (graph: string, login: string) => ({
      microsoftGraphResourceId: graph,
      authentication: { loginEndpoint: login },
    })
    const local = `https://${HOST}/`
    const code = (body: object, status = 200) => {
      try {
        return readEndpoints('https://x', status, body as never)
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(code(document(local, local))).toEqual({ graph: `https://${HOST}`, login: `https://${HOST}` })
    expect(code(document('https://graph.microsoft.com/', local))).toBe('NOT_LOOPBACK')
    expect(code(document(local, 'https://login.microsoftonline.com'))).toBe('NOT_LOOPBACK')
    expect(code(document('http://localhost/', local))).toBe('NOT_LOOPBACK')
    expect(code({})).toBe('METADATA_INVALID')
    expect(code(document(local, local), 404)).toBe('METADATA_INVALID')
  })
})

describe('the session', () => {
  const configuration = readConfiguration({}, ENV)!

  it('fetches one token for many, and another before it ends', async () => {
    const directory = new ScriptedDirectory()
    let now = 0
    const session = await Session.open(configuration, { ...directory.options, now: () => now })
    await Promise.all([session.accessToken(), session.accessToken(), session.objectId()])
    expect(directory.tokens).toBe(1)
    now = (3599 - 301) * 1000
    await session.accessToken()
    expect(directory.tokens).toBe(1)
    now += 1000
    await Promise.all([session.accessToken(), session.accessToken()])
    expect(directory.tokens).toBe(2)
  })

  it('explains a refused sign-in without the secret', async () => {
    const { fetch } = new ScriptedDirectory().options
    const refusing: typeof fetch = async (input, init) =>
      String(input).endsWith('/token')
        ? Response.json(
            { error_description: 'AADSTS7000215: Invalid client secret.\r\nTrace ID: x' },
            { status: 401 },
          )
        : fetch(input, init)
    const opened = Session.open(configuration, { fetch: refusing })
    await expect(opened).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
    const message = await opened.catch((error: Error) => error.message)
    expect(message).toContain('AADSTS7000215: Invalid client secret. Check azuread:tenantId')
    expect(message).not.toContain(ENV.ARM_CLIENT_SECRET)
  })

  it('says that no tenant runs, and that its certificate is not trusted', async () => {
    const failing = (code: string, text: string): typeof fetch => {
      return async () => {
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(text), { code }) })
      }
    }
    const open = (fetch: typeof globalThis.fetch) => Session.open(configuration, { fetch })
    await expect(open(failing('ECONNREFUSED', 'connect ECONNREFUSED'))).rejects.toThrow(
      `No tenant answers at ${HOST}: connect ECONNREFUSED. Start the local tenant`,
    )
    await expect(open(failing('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify'))).rejects.toThrow(
      'SSL_CERT_FILE must name its ca.pem',
    )
  })
})
