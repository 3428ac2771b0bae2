import type { Metadata } from '@grpc/grpc-js'
import messages from '@pulumi/pulumi/proto/provider_pb.js'
import statuses from '@pulumi/pulumi/proto/status_pb.js'
import { afterEach, describe, expect, it } from 'vitest'
import { Provider } from '../../../plugin/provider.ts'
import { serve } from '../../../plugin/server.ts'
import { type Answer, CALLER, refused, ScriptedDirectory } from './directory.ts'
import { EngineClient } from './engine-client.ts'

const URN = 'urn:pulumi:dev::lab::pkg:index:Parent$azuread:index/application:Application::demo'
const PASSWORD_URN = 'urn:pulumi:dev::lab::azuread:index/applicationPassword:ApplicationPassword::demo'
const APP = 'a0000000-0000-4000-8000-000000000001'
const KEY = 'b0000000-0000-4000-8000-000000000002'
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function start(...answers: Answer[]): Promise<{ engine: EngineClient; directory: ScriptedDirectory }> {
  const directory = new ScriptedDirectory(...answers)
  const { port, server } = await serve(new Provider(directory.options), '6.9.1')
  const engine = new EngineClient(port)
  closers.push(() => {
    engine.close()
    server.forceShutdown()
  })
  return { engine, directory }
}

describe('the provider protocol', () => {
  it('marks the deployer secret of a plain configuration', async () => {
    const { engine } = await start()
    const checked = await engine.call('checkConfig', { News: { clientSecret: 'plain', tenantId: 't' } })
    expect(checked).toMatchObject({ inputs: { tenantId: 't', clientSecret: { value: 'plain' } } })
  })

  it('tells the engine to unwrap secrets and to preview', async () => {
    const { engine } = await start()
    expect(await engine.call('configure', { Args: {} })).toMatchObject({
      acceptsecrets: false,
      supportspreview: true,
    })
  })

  it('checks the type at the end of a nested URN, with every mistake in one answer', async () => {
    const { engine } = await start()
    const { failuresList } = await engine.call('check', { Urn: URN, News: { tags: 'x' } })
    expect(failuresList).toEqual([
      { property: '', reason: 'displayName is required' },
      { property: '', reason: 'tags must be of type array, is string' },
    ])
  })

  it('says what an update would change, replace and set anew', async () => {
    const { engine } = await start()
    const role = { id: APP, allowedMemberTypes: ['User'], description: 'd', displayName: 'r' }
    const update = await engine.call('diff', {
      Urn: URN,
      Olds: { displayName: 'a', appRoles: [role], tags: ['t'] },
      News: { displayName: 'b' },
    })
    expect(update).toMatchObject({
      changes: messages.DiffResponse.DiffChanges.DIFF_SOME,
      diffsList: ['appRoleIds', 'appRoles', 'displayName'],
      replacesList: [],
      hasdetaileddiff: true,
      deletebeforereplace: false,
      detaileddiffMap: [
        ['appRoleIds', { kind: messages.PropertyDiff.Kind.UPDATE, inputdiff: false }],
        ['appRoles', { kind: messages.PropertyDiff.Kind.DELETE, inputdiff: false }],
        ['displayName', { kind: messages.PropertyDiff.Kind.UPDATE, inputdiff: false }],
      ],
    })
    const replace = await engine.call('diff', {
      Urn: PASSWORD_URN,
      Olds: { applicationId: `/applications/${APP}`, displayName: 'a' },
      News: { applicationId: UNKNOWN, displayName: 'a' },
    })
    expect(replace).toMatchObject({
      replacesList: ['applicationId'],
      detaileddiffMap: [
        ['applicationId', { kind: messages.PropertyDiff.Kind.UPDATE_REPLACE, inputdiff: false }],
      ],
    })
    const none = await engine.call('diff', {
      Urn: URN,
      Olds: { displayName: 'a', description: 'out of band' },
      News: { displayName: 'a' },
      IgnorechangesList: ['description'],
    })
    expect(none).toMatchObject({ changes: messages.DiffResponse.DiffChanges.DIFF_NONE, diffsList: [] })
  })

  it('previews without a request', async () => {
    const { engine, directory } = await start()
    const preview = await engine.call('create', { Urn: URN, Preview: true, Properties: { displayName: 'a' } })
    expect(preview).toMatchObject({
      id: '',
      properties: { displayName: 'a', clientId: UNKNOWN, id: UNKNOWN },
    })
    expect(directory.requests).toEqual([])
  })

  it('creates an application, lets the caller go as owner, and leaves a state the official plugin can take over', async () => {
    const application = { id: APP, appId: KEY, displayName: 'a', tags: [], appRoles: [], api: {} }
    const { engine, directory } = await start(
      { status: 201, json: application },
      { status: 204 },
      { json: application },
      { json: { id: APP, oauth2RequirePostResponse: false } },
      { json: { value: [] } },
    )
    await engine.call('configure', { Args: {} })
    const { id, properties } = await engine.call('create', { Urn: URN, Properties: { displayName: 'a' } })
    expect(directory.requests).toEqual([
      'POST /v1.0/applications',
      `DELETE /v1.0/applications/${APP}/owners/${CALLER}/$ref`,
      `GET /v1.0/applications/${APP}`,
      `GET /beta/applications/${APP}?$select=id,oauth2RequirePostResponse`,
      `GET /v1.0/applications/${APP}/owners`,
    ])
    expect(id).toBe(`/applications/${APP}`)
    expect(properties).toMatchObject({ id, clientId: KEY, objectId: APP, owners: null })
    expect(JSON.parse(String((properties as Record<string, unknown>)['__meta']))).toEqual({
      'e2bfb730-ecaa-11e6-8f88-34363bc7c4c0': {
        create: 600_000_000_000,
        delete: 300_000_000_000,
        read: 300_000_000_000,
        update: 600_000_000_000,
      },
      schema_version: '2',
    })
  })

  it('keeps the id and the value of a secret whose creation did not finish', async () => {
    const { engine } = await start(
      { json: { keyId: KEY, secretText: 'the-new-secret' } },
      refused(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
    )
    await engine.call('configure', { Args: {} })
    const failure = await engine
      .call('create', { Urn: PASSWORD_URN, Properties: { applicationId: `/applications/${APP}` } })
      .then(
        () => undefined,
        (error: { details: string; metadata: Metadata }) => error,
      )
    expect(failure?.details).toContain('Insufficient privileges')
    expect(failure?.details).not.toContain('the-new-secret')
    const [bytes] = failure!.metadata.get('grpc-status-details-bin') as Buffer[]
    const [detail] = statuses.Status.deserializeBinary(bytes!).getDetailsList()
    const kept = detail!.unpack(
      messages.ErrorResourceInitFailed.deserializeBinary,
      'pulumirpc.ErrorResourceInitFailed',
    )
    expect(kept!.getId()).toBe(`${APP}/password/${KEY}`)
    expect(kept!.getProperties()!.toJavaScript()).toMatchObject({
      keyId: KEY,
      value: {
        '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
        value: 'the-new-secret',
      },
    })
  })

  it('takes away an inline password that the official plugin made, and keeps it secret until then', async () => {
    const application = { id: APP, appId: KEY, displayName: 'a' }
    const reads = [{ json: application }, { json: { id: APP } }, { json: { value: [] } }]
    const { engine, directory } = await start(...reads, { status: 204 }, { status: 204 }, ...reads)
    await engine.call('configure', { Args: {} })
    const subject = { Urn: URN, Id: `/applications/${APP}` }
    const password = { displayName: 'inline', keyId: KEY, value: 'the-inline-secret' }
    const state = { displayName: 'a', password }
    const refreshed = await engine.call('read', {
      ...subject,
      Properties: state,
      Inputs: { displayName: 'a' },
    })
    expect(refreshed['properties']).toMatchObject({
      password: { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', value: password },
    })
    const updated = await engine.call('update', { ...subject, Olds: state, News: { displayName: 'a' } })
    expect(directory.requests[4]).toBe(`POST /v1.0/applications/${APP}/removePassword`)
    expect(directory.bodies[4]).toEqual({ keyId: KEY })
    expect(updated['properties']).toMatchObject({ password: null })
  })

  it('says that an object is gone with an empty id', async () => {
    const { engine } = await start(refused(404, 'Request_ResourceNotFound'))
    await engine.call('configure', { Args: {} })
    const id = `/applications/${APP}`
    expect(await engine.call('read', { Urn: URN, Id: id, Properties: { displayName: 'a' } })).toMatchObject({
      id: '',
    })
  })

  it.each([
    [
      'a malformed id',
      { Urn: URN, Id: 'nonsense' },
      /"nonsense" is not the id of an application; its form is \/app/,
    ],
    [
      'a password',
      { Urn: PASSWORD_URN, Id: `${APP}/password/${KEY}` },
      /cannot be imported: Graph never shows/,
    ],
  ])('refuses to import %s', async (_, request, message) => {
    const { engine } = await start()
    await engine.call('configure', { Args: {} })
    await expect(engine.call('read', request)).rejects.toThrow(message)
  })

  it('names the official plugin for types it does not serve', async () => {
    const { engine } = await start()
    const urn = 'urn:pulumi:dev::lab::azuread:index/user:User::demo'
    await expect(engine.call('check', { Urn: urn, News: {} })).rejects.toThrow(
      /does not serve azuread:index\/user:User/,
    )
    await expect(
      engine.call('invoke', { Tok: 'azuread:index/getDomains:getDomains', Args: {} }),
    ).rejects.toThrow(/ENTRA_APPS_AZUREAD_PLUGIN/)
  })

  it('describes the served types to the engine', async () => {
    const { engine } = await start()
    const { schema } = await engine.call('getSchema', {})
    const described = JSON.parse(String(schema))
    expect(Object.keys(described.resources)).toHaveLength(15)
    const password = described.resources['azuread:index/applicationPassword:ApplicationPassword']
    expect(password).toMatchObject({
      requiredInputs: ['applicationId'],
      properties: { value: { type: 'string', secret: true } },
      inputProperties: { displayName: { type: 'string', willReplaceOnChanges: true } },
    })
    expect(password.inputProperties).not.toHaveProperty('value')
  })
})
