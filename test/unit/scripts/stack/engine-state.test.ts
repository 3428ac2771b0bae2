import { describe, expect, it } from 'vitest'
import { isHarmless, locksIn, readEngineState } from '../../../../scripts/stack/engine-state.ts'

const urn = (type: string, name: string) =>
  `urn:pulumi:test::entra-apps::entra-apps:index:AppRegistration$${type}::${name}`
const PASSWORD = 'azuread:index/applicationPassword:ApplicationPassword'
const CERTIFICATE = 'azuread:index/applicationCertificate:ApplicationCertificate'
const APPLICATION = 'azuread:index/application:Application'

describe('a locked stack', () => {
  const said = (...places: string[]) =>
    [
      `error: the stack is currently locked by ${places.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.`,
      ...places.map(
        (place, index) => `  ${place}: created by root@vm (pid ${2123 + index}) at 2026-11-24T21:53:16Z`,
      ),
    ].join('\n')

  it.each([
    'file:///tmp/state/.pulumi/locks/organization/p/s/1.json?no_tmp_dir=true',
    'postgres://****:****@db.example.com:5432/pulumi/.pulumi/locks/organization/p/s/1.json?sslmode=require',
    'azblob://state/.pulumi/locks/organization/p/s/1.json?storage_account=contoso',
  ])('names who holds it, and where: %s', (place) => {
    expect(locksIn(said(place))).toEqual([{ host: 'vm', pid: 2123, since: '2026-11-24T21:53:16Z', place }])
  })

  it('names everybody who holds one', () => {
    expect(locksIn(said('s3://bucket/1.json', 's3://bucket/2.json'))?.map(({ pid }) => pid)).toEqual([
      2123, 2124,
    ])
  })

  it('is recognised on other back ends, and not where it is none', () => {
    expect(locksIn('error: [409] Conflict: Another update is currently in progress.')).toEqual([])
    expect(locksIn('error: update failed')).toBeUndefined()
  })
})

describe('the state of the engine', () => {
  const exported = (resources: object[], pending?: object[]) =>
    JSON.stringify({ version: 3, deployment: { resources, ...(pending && { pending_operations: pending }) } })

  it('knows the key ids of client secrets and certificates, and of nothing else', () => {
    const { keyIds, credentials, pending } = readEngineState(
      exported([
        {
          type: PASSWORD,
          urn: urn(PASSWORD, 'a-g1'),
          outputs: { keyId: 'k1', startDate: 's', endDate: 'e' },
        },
        { type: PASSWORD, urn: urn(PASSWORD, 'a-g2') },
        { type: CERTIFICATE, urn: urn(CERTIFICATE, 'a-g3'), outputs: { keyId: 'k3' } },
        { type: APPLICATION, urn: urn(APPLICATION, 'a'), outputs: { keyId: 'no' } },
      ]),
    )
    expect([...keyIds]).toEqual(['k1', 'k3'])
    expect(credentials).toEqual([
      { name: 'a-g1', kind: 'secret', keyId: 'k1', startDate: 's', endDate: 'e' },
      { name: 'a-g3', kind: 'certificate', keyId: 'k3', startDate: '', endDate: '' },
    ])
    expect(pending).toEqual([])
  })

  it('is empty for a stack that was never deployed', () => {
    const state = readEngineState('{"version":3,"deployment":null}')
    expect(state.keyIds.size).toBe(0)
    expect(state.isEmpty).toBe(true)
  })

  it('is not empty once an object belongs to it, or was being created', () => {
    const provider = { type: 'pulumi:providers:azuread', urn: 'urn:provider' }
    const application = { type: APPLICATION, urn: urn(APPLICATION, 'a') }
    const pending = { type: 'creating', resource: { urn: urn(APPLICATION, 'a') } }
    expect(readEngineState(exported([provider])).isEmpty).toBe(true)
    expect(readEngineState(exported([provider, application])).isEmpty).toBe(false)
    expect(readEngineState(exported([provider], [pending])).isEmpty).toBe(false)
  })

  it('has something unfinished when an object was created by halves', () => {
    const application = { type: APPLICATION, urn: urn(APPLICATION, 'a') }
    const unfinished = { ...application, initErrors: ['interrupted'] }
    expect(readEngineState(exported([application, { ...application, initErrors: null }])).hasUnfinished).toBe(
      false,
    )
    expect(readEngineState(exported([application, unfinished])).hasUnfinished).toBe(true)
  })

  it.each([
    ['creating', PASSWORD, true],
    ['deleting', PASSWORD, true],
    ['creating', CERTIFICATE, true],
    ['creating', 'pulumi:index:Stash', true],
    ['updating', APPLICATION, true],
    ['creating', APPLICATION, false],
  ])('%s %s that was interrupted needs no decision: %s', (kind, type, harmless) => {
    const { pending } = readEngineState(exported([], [{ type: kind, resource: { urn: urn(type, 'a') } }]))
    expect(pending.map(isHarmless)).toEqual([harmless])
  })
})
