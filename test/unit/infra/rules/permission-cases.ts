import { publishedApisByName } from '../../../../microsoft/apis.ts'
import { type Case, type Cases, type Declared, many, named, PERSONAL } from './case.ts'

const scope = { admin: { displayName: 'Read', description: 'Read files' } }
const role = { displayName: 'Reader', description: 'Reads' }
const perms = (count: number) => ({ application: many(count, (i) => `P${i}`) })
const apis = (count: number, each = 1): Declared => ({
  permissions: named(count, perms(each), (i) => `API ${i}`),
})
const graph = (...application: string[]): Declared => ({
  permissions: { 'Microsoft Graph': { application } },
})
const api: Declared = {
  scopes: { Read: scope },
  appRoles: { Import: { ...role, for: ['applications'] }, Reader: role },
}
const asks = (permissions: { application?: string[]; delegated?: string[] }): Case => ({
  app: { permissions: { api: permissions } },
  others: { api },
})
const published = publishedApisByName()
const assigned = (count: number) => many(count, () => ({ user: 'ada@a.example' }))

export const permissionCases: Cases = {
  EA601: { pass: [apis(50)], fail: [apis(51)] },
  EA602: {
    pass: [
      apis(10),
      { permissions: { ...named(10, perms(1), (i) => `API ${i}`), 'Microsoft Graph': perms(1) } },
      { app: { permissions: { ...named(10, perms(1), (i) => `API ${i}`), api: {} } }, others: { api } },
    ],
    fail: [apis(11)],
  },
  EA603: { pass: [apis(4, 100), { ...PERSONAL, ...apis(41, 10) }], fail: [apis(41, 10)] },
  EA604: { pass: [{ ...PERSONAL, ...apis(20, 10) }, apis(21, 10)], fail: [{ ...PERSONAL, ...apis(21, 10) }] },
  EA605: { pass: [{ ...PERSONAL, ...apis(1, 30) }, apis(1, 31)], fail: [{ ...PERSONAL, ...apis(1, 31) }] },
  EA606: {
    pass: [{ permissions: { X: { application: ['A'], delegated: ['A'] } } }],
    fail: [
      { permissions: { X: { application: ['A', 'A'] } } },
      { permissions: { X: { delegated: ['A', 'A'] } } },
    ],
  },
  EA607: {
    pass: [
      graph('Application.ReadWrite.OwnedBy'),
      { permissions: { Other: { application: ['Application.ReadWrite.All'] } } },
    ],
    fail: [graph('AppRoleAssignment.ReadWrite.All'), graph('RoleManagement.ReadWrite.Directory')],
  },
  EA608: {
    pass: [{ assignments: assigned(1500) }],
    fail: [
      { assignments: assigned(1501) },
      { app: { assignments: assigned(1) }, after: { other: { assignments: assigned(1500) } } },
    ],
  },
  EA610: {
    pass: [
      { permissions: { 'Contoso Orders': { application: ['Read'] } } },
      {
        app: { permissions: { 'Microsoft Graph': { application: ['Files.Read.All'] } } },
        context: { catalogue: published },
      },
      { app: { permissions: { 'Azure SQL Database': {} } }, context: { catalogue: published } },
      { app: { permissions: { other: {} } }, others: { other: {} }, context: { catalogue: published } },
      {
        app: { permissions: { '8f0a3f0b-7d91-482c-8e09-c5d840d0eac5': { application: ['Read'] } } },
        context: { catalogue: published },
      },
    ],
    fail: [
      {
        app: { permissions: { 'Microsoft Grph': { application: ['Files.Read.All'] } } },
        context: { catalogue: published },
      },
      {
        app: { consented: { 'Contoso Orders': { application: ['Read'] } } },
        context: { catalogue: published },
      },
    ],
  },
  EA609: {
    pass: [
      graph('Files.Raed.All'),
      { app: graph('Files.Read.All'), context: { catalogue: published } },
      { app: { permissions: { Unknown: perms(1) } }, context: { catalogue: published } },
    ],
    fail: [
      { app: graph('Files.Raed.All'), context: { catalogue: published } },
      { app: graph('User.Read'), context: { catalogue: published } },
    ],
  },
  EA701: {
    pass: [
      { knownClients: ['00000000-0000-0000-0000-000000000001'] },
      { app: { knownClients: ['client'] }, others: { client: {} } },
    ],
    fail: [
      { app: { knownClients: ['cleint'] }, others: { client: {} } },
      { scopes: { Read: scope }, preAuthorizedClients: { nobody: ['Read'] } },
    ],
  },
  EA702: {
    pass: [asks({ application: ['Import'], delegated: ['Read'] }), { permissions: { Foreign: perms(1) } }],
    fail: [
      asks({ application: ['Imprt'] }),
      asks({ application: ['Reader'] }),
      asks({ delegated: ['Import'] }),
    ],
  },
  EA703: {
    pass: [asks({ delegated: ['Read'] }), { app: { knownClients: ['client'] }, others: { client: {} } }],
    fail: [
      { permissions: { app: {} } },
      { app: { owners: ['api'] }, others: { api: { permissions: { app: {} } } } },
      {
        app: { permissions: { api: {} } },
        others: { api: { permissions: { third: {} } }, third: { knownClients: ['app'] } },
      },
    ],
  },
  EA704: {
    pass: [
      {
        appRoles: { Reader: role },
        assignments: [{ user: 'a@a.example', role: 'Reader' }, { group: 'All' }],
      },
    ],
    fail: [
      { assignments: [{ user: 'a@a.example', role: 'Reader' }] },
      {
        appRoles: { Import: { ...role, for: ['applications'] } },
        assignments: [{ group: 'All', role: 'Import' }],
      },
    ],
  },
  EA705: {
    pass: [{}, { servicePrincipal: { assignmentRequired: true }, assignments: [{ group: 'All' }] }],
    fail: [{ servicePrincipal: { assignmentRequired: true } }],
  },
  EA002: {
    pass: [{ displayName: 'x'.repeat(121), suppress: [{ rule: 'EA201', reason: 'known' }] }],
    fail: [
      { suppress: [{ rule: 'EA999', reason: 'known' }] },
      { suppress: [{ rule: 'EA001', reason: 'known' }] },
    ],
  },
  EA003: {
    pass: [{ displayName: 'x'.repeat(121), suppress: [{ rule: 'EA201', reason: 'known' }] }],
    fail: [{ suppress: [{ rule: 'EA201', reason: 'known' }] }],
  },
}
