import { describe, expect, it } from 'vitest'
import { entriesToMove, type MovingStack } from '../../../../scripts/move/check-move.ts'
import { readStackState } from '../../../../scripts/move/stack-state.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'

const TENANT = '11111111-1111-4111-8111-111111111111'
const APP = 'entra-apps:index:AppRegistration'
const OBJECT = 'azuread:index/application:Application'

const component = (name: string, type = APP) => `urn:pulumi:dev::p::${type}::${name}`
const object = (name: string) => `urn:pulumi:dev::p::${APP}$${OBJECT}::${name}`

interface Options {
  readonly name?: string
  readonly apps?: readonly string[]
  readonly declared?: readonly string[]
  readonly tenantId?: string
  readonly cloud?: MovingStack['cloud']
  readonly phase?: 'issued' | 'previous'
  /** Further resources, or changes of them. */
  readonly more?: readonly object[]
  readonly pending?: readonly object[]
}

/** What `pulumi stack export` prints of a stack. */
function stack({ name = 'dev', apps = [], tenantId = TENANT, ...options }: Options): MovingStack {
  const { declared = apps, cloud = 'public', phase = 'previous', more = [], pending = [] } = options
  const facts = (app: string) => {
    const ids = { clientId: app, objectId: app, servicePrincipalId: app }
    return { ...PLAIN_APP, displayName: app, tenantId, ...ids }
  }
  const dates = { issuedAt: '2026-01-01T00:00:00Z', endDate: '2026-06-01T00:00:00Z' }
  const generations = [
    { generation: 1, phase: 'current', ...dates },
    { generation: 2, phase, ...dates },
  ]
  const by = <T>(make: (app: string) => T) => Object.fromEntries(apps.map((app) => [app, make(app)]))
  const root = 'urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev'
  const outputs = { apps: by(facts), ledger: by(() => ({ main: generations })) }
  const resources = [
    { urn: root, type: 'pulumi:pulumi:Stack', outputs },
    ...apps.flatMap((app) => [
      { urn: component(app), type: APP, parent: root },
      { urn: object(app), type: OBJECT, id: app, parent: component(app) },
    ]),
    ...more,
  ]
  const state = readStackState(JSON.stringify({ deployment: { resources, pending_operations: pending } }))
  return { name, state, declared: new Set(declared), tenantId, cloud }
}

const target = stack({ name: 'prod', apps: ['other'] })
const depending = (on: object) => [
  { urn: object('client-api-Reader'), type: OBJECT, parent: component('client'), ...on },
]

describe('entriesToMove', () => {
  it('finds the component with everything below it', () => {
    const [entry, ...others] = entriesToMove(['files'], stack({ apps: ['files', 'mail'] }), target)
    expect(others).toEqual([])
    expect(entry).toMatchObject({ name: 'files', section: 'apps', urn: component('files') })
    expect(entry?.objects.map(({ urn }) => urn)).toEqual([object('files')])
  })

  it('takes identities, too', () => {
    const type = 'entra-apps:index:Identity'
    const source = stack({ declared: ['jobs'], more: [{ urn: component('jobs', type), type }] })
    Object.assign(source.state.outputs.identities, { jobs: { tenantId: TENANT } })
    expect(entriesToMove(['jobs'], source, target)).toMatchObject([{ section: 'identities' }])
  })

  it('takes settings that name the tenant by its domain', () => {
    const [from, to] = [stack({ apps: ['files'] }), stack({ name: 'prod', apps: ['other'] })]
    const configured = { tenantId: 'contoso.example' }
    expect(entriesToMove(['files'], { ...from, ...configured }, { ...to, ...configured })).toHaveLength(1)
  })

  const source = stack({ apps: ['files'] })
  it.each<[string, string, MovingStack, MovingStack]>([
    ['UNKNOWN_APP', 'did you mean "files"', stack({ apps: ['files'] }), target],
    ['UNKNOWN_APP', 'it is declared, and not deployed yet', stack({ declared: ['file'] }), target],
  ])('%s: %s', (code, message, from, to) => {
    expect(() => entriesToMove(['file'], from, to)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it.each<[string, string, MovingStack, MovingStack]>([
    ['NAME_TAKEN', '"prod" has deployed a "files" already', source, stack({ name: 'prod', apps: ['files'] })],
    ['NAME_TAKEN', '`files: null` in Pulumi.prod.yaml', source, stack({ name: 'prod', declared: ['files'] })],
    ['OTHER_TENANT', 'different tenants', source, stack({ name: 'prod', tenantId: 'another' })],
    ['OTHER_TENANT', 'different tenants', source, stack({ name: 'prod', cloud: 'china' })],
    ['PENDING_OPERATIONS', '"dev" did not finish', stack({ apps: ['files'], pending: [{}] }), target],
    ['PENDING_OPERATIONS', '"prod" did not finish', source, stack({ name: 'prod', pending: [{}] })],
    [
      'PENDING_OPERATIONS',
      '"dev" did not finish',
      stack({ apps: ['files'], more: [{ urn: 'urn:x', type: OBJECT, delete: true }] }),
      target,
    ],
    ['UNKNOWN_APP', 'no file of the stack declares it', stack({ apps: ['files'], declared: [] }), target],
    ['ROTATION_UNDER_WAY', 'files/main to g2', stack({ apps: ['files'], phase: 'issued' }), target],
  ])('%s: %s', (code, message, from, to) => {
    expect(() => entriesToMove(['files'], from, to)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it.each([
    ['a dependency', { dependencies: [object('api')] }],
    ['an argument', { propertyDependencies: { resourceObjectId: [object('api')] } }],
    ['the end of another', { deletedWith: object('api') }],
    ['the replacement of another', { replaceWith: [object('api')] }],
  ])('keeps together what refers to each other by %s', (_, on) => {
    const from = stack({ apps: ['api', 'client'], more: depending(on) })
    for (const name of ['api', 'client'])
      expect(() => entriesToMove([name], from, target)).toThrow(
        expect.objectContaining({
          code: 'REFERENCES',
          message: expect.stringContaining('- client refers to api'),
        }),
      )
    expect(entriesToMove(['api', 'client'], from, target)).toHaveLength(2)
  })
})

describe('readStackState', () => {
  it('quotes nothing of what is no state', () => {
    expect(() => readStackState('{"deployment":{"resources":"s3cret"}}')).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.not.stringContaining('s3cret') }),
    )
  })
})
