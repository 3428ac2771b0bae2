import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exposedIds } from '../../../../infra/declaration/derived-ids.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { planApplication } from '../../../../infra/registration/application-plan.ts'
import { ENTRY_TABLES } from '../../../../infra/registration/entry-settings.ts'
import { planServicePrincipal } from '../../../../infra/registration/service-principal-plan.ts'
import { at, comparable, put } from '../../../../infra/registration/setting.ts'
import { declaredSettings, liveSettings } from '../../../../infra/registration/settings.ts'
import {
  APPLICATION_SETTINGS,
  OTHER_SETTINGS,
  SERVICE_PRINCIPAL_SETTINGS,
} from '../../../../infra/registration/settings-table.ts'
import type { Properties } from '../../../../plugin/protocol/wire.ts'
import { APPLICATION_FIELDS } from '../../../../plugin/resources/application-fields.ts'
import { SERVICE_PRINCIPAL_FIELDS } from '../../../../plugin/resources/service-principal-fields.ts'
import { toGraph } from '../../../../plugin/schema/entity.ts'

const SETTINGS = [...APPLICATION_SETTINGS, ...SERVICE_PRINCIPAL_SETTINGS]
const declare = (change: object = {}) => appDeclaration.parse({ displayName: 'App', ...change })

interface JsonNode {
  readonly properties?: Readonly<Record<string, JsonNode>>
  readonly additionalProperties?: JsonNode | boolean
  readonly items?: JsonNode
  readonly anyOf?: readonly JsonNode[]
}

/** Paths of everything that can be declared; `*` stands for the name or place of an entry. */
function leavesOf(node: JsonNode, path: readonly string[] = []): string[] {
  const under = (child: JsonNode, step: string) => leavesOf(child, [...path, step])
  const structured = [node, ...(node.anyOf ?? [])].flatMap((each) => [
    ...Object.entries(each.properties ?? {}).flatMap(([step, child]) => under(child, step)),
    ...(typeof each.additionalProperties === 'object' ? under(each.additionalProperties, '*') : []),
    ...(each.items?.properties || each.items?.anyOf ? under(each.items, '*') : []),
  ])
  return structured.length > 0 ? structured : [path.join('.')]
}

describe('the table of settings', () => {
  const leaves = leavesOf(z.toJSONSchema(appDeclaration, { io: 'input', unrepresentable: 'any' }) as JsonNode)
  const inTable = [
    ...SETTINGS.map(({ yaml }) => yaml),
    ...ENTRY_TABLES.flatMap(({ yaml, settings }) => settings.map((each) => `${yaml}.*.${each.yaml}`)),
  ]
  const isElsewhere = (path: string) =>
    Object.keys(OTHER_SETTINGS).some((other) => path === other || path.startsWith(`${other}.`))

  it.each(leaves)('has %s, or says what it is instead', (path) => {
    expect([inTable.includes(path), isElsewhere(path)].filter(Boolean)).toHaveLength(1)
  })

  it('has no setting that cannot be declared', () => {
    // The name of a scope stands before its settings.
    expect(inTable.filter((path) => !leaves.includes(path))).toEqual(['scopes.*.value'])
    const known = (other: string) => leaves.some((path) => path === other || path.startsWith(`${other}.`))
    expect(Object.keys(OTHER_SETTINGS).filter((other) => !known(other))).toEqual([])
  })

  it.each(SETTINGS.filter(({ yaml }) => yaml !== 'displayName'))('has the default of $yaml', (setting) => {
    const declared = setting.value ? setting.value(declare()) : at(declare(), setting.yaml)
    expect(comparable(declared)).toEqual(comparable(setting.default))
    // What Graph does not mention is the default as well.
    expect(comparable(setting.codec.read(undefined))).toEqual(
      comparable(setting.yaml === 'signInAudience' ? null : setting.default),
    )
  })
})

/** A value that is not the default of the setting. */
function otherThan(yaml: string, byDefault: unknown): unknown {
  if (typeof byDefault === 'boolean') return !byDefault
  const others: Readonly<Record<string, unknown>> = {
    signInAudience: 'AzureADMultipleOrgs',
    accessTokenVersion: 2,
    'claims.groups': ['SecurityGroup', 'All'],
    'servicePrincipal.singleSignOn.mode': 'saml',
  }
  return others[yaml] ?? (Array.isArray(byDefault) ? ['https://b.example/', 'https://a.example/'] : 'other')
}

/** What the tenant has after a deployment, by the local plugin's own tables. */
function deployed(declared: object) {
  const app = declare(declared)
  const ids = exposedIds('app', app)
  const inputs = (plan: object) => plan as unknown as Properties
  const plan = planApplication(app, ids)
  // What only beta shows, the plugin writes by itself.
  const beta = { oauth2RequirePostResponse: plan.oauth2PostResponseRequired }
  return {
    declared: declaredSettings(app, ids),
    live: liveSettings(
      { ...toGraph(APPLICATION_FIELDS, inputs(plan)), ...beta },
      toGraph(SERVICE_PRINCIPAL_FIELDS, inputs(planServicePrincipal(app))),
    ),
  }
}

describe('a deployed setting', () => {
  it.each(SETTINGS.filter(({ yaml, apart }) => yaml !== 'displayName' && !apart))(
    '$yaml is found in the directory as declared, and nothing else changes',
    ({ yaml, default: byDefault }) => {
      const change = {}
      put(change, yaml, otherThan(yaml, byDefault))
      const { declared, live } = deployed(change)
      expect(Object.keys(declared)).toEqual([yaml])
      expect(live).toEqual(declared)
    },
  )

  it('is not recorded at its default', () => {
    expect(deployed({})).toEqual({ declared: {}, live: {} })
  })

  it('of a scope, a role or a claim is found entry by entry, in any order', () => {
    const { declared, live } = deployed({
      scopes: {
        'Files.Read': { admin: { displayName: 'Read', description: 'Read all' }, consentBy: 'admins' },
        Write: { admin: { displayName: 'W', description: 'W' }, user: {}, enabled: false },
      },
      appRoles: {
        Importer: { displayName: 'Importer', description: 'Imports', for: ['users', 'applications'] },
        Nameless: { displayName: 'Nameless', description: 'No value', value: '' },
      },
      claims: {
        idToken: [
          'upn',
          { name: 'email', essential: true, additionalProperties: ['sam_account_name', 'emit_as_roles'] },
          { name: 'extension_x', source: 'user' },
        ],
      },
    })
    expect(live).toEqual(declared)
    const { appRoles, scopes } = exposedIds(
      'app',
      declare({
        scopes: { 'Files.Read': { admin: { displayName: 'Read', description: 'Read all' } } },
        appRoles: { Nameless: { displayName: 'Nameless', description: 'No value', value: '' } },
      }),
    )
    expect(declared).toMatchObject({
      'scopes.Files.Read': [
        'admin.description: Read all',
        'admin.displayName: Read',
        'consentBy: admins',
        `id: ${scopes['Files.Read']}`,
        'user.description: Read all',
        'user.displayName: Read',
        'value: Files.Read',
      ],
      [`appRoles.${appRoles['Nameless']}`]: [
        'description: No value',
        'displayName: Nameless',
        `id: ${appRoles['Nameless']}`,
      ],
      'claims.idToken.email': [
        'additionalProperties: emit_as_roles, sam_account_name',
        'essential: true',
        'name: email',
      ],
      'claims.idToken.extension_x (user)': ['name: extension_x', 'source: user'],
    })
  })
})

describe('what nobody has set', () => {
  it.each([undefined, null, ''])('is the same whether Graph leaves it out, or sends %j', (nothing) => {
    const application = {
      signInAudience: 'AzureADMyOrg',
      description: nothing,
      notes: nothing,
      web: nothing === '' ? {} : nothing,
      info: { marketingUrl: nothing },
      groupMembershipClaims: nothing,
      optionalClaims: nothing === '' ? null : nothing,
      api: { requestedAccessTokenVersion: nothing === '' ? null : nothing },
    }
    expect(liveSettings(application, { loginUrl: nothing, notes: nothing })).toEqual({})
  })
})
