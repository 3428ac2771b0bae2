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
const GRAPH_ID = '00000003-0000-0000-c000-000000000000'
const USER_READ_ALL = 'df021288-bdef-4463-88db-98f22de89214'
const USER_READ = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d'
const READ_ID = '6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7eab'
const known = (permissions: NonNullable<Declared['permissions']>): Case => ({
  app: { permissions },
  context: { catalogue: published },
})
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
      { consented: { X: { delegated: ['A', 'A'] } } },
      known({ 'Microsoft Graph': { application: [USER_READ_ALL.toUpperCase(), 'User.Read.All'] } }),
    ],
  },
  EA607: {
    pass: [
      graph('Application.ReadWrite.OwnedBy'),
      { permissions: { Other: { application: ['Application.ReadWrite.All'] } } },
    ],
    fail: [
      graph('AppRoleAssignment.ReadWrite.All'),
      graph('RoleManagement.ReadWrite.Directory'),
      { permissions: { [GRAPH_ID]: { application: ['AppRoleAssignment.ReadWrite.All'] } } },
      { permissions: { 'https://graph.microsoft.com/': { application: ['Directory.ReadWrite.All'] } } },
      { consented: { graph: { application: ['Application.ReadWrite.All'] } } },
      known({ 'Microsoft Graph': { application: ['06b708a9-e830-4db3-a914-8e69da51d44f'] } }),
    ],
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
      known({ 'Microsoft Graph': { application: [USER_READ_ALL], delegated: [USER_READ] } }),
      known({
        'Office 365 Exchange Online': {
          application: ['IMAP.AccessAsApp', 'POP.AccessAsApp', 'SMTP.SendAsApp'],
        },
      }),
    ],
    fail: [
      { app: graph('Files.Raed.All'), context: { catalogue: published } },
      { app: graph('User.Read'), context: { catalogue: published } },
      known({ [GRAPH_ID]: { application: ['Files.Raed.All'] } }),
      known({ SharePoint: { application: ['Sites.Selcted'] } }),
      known({ 'Microsoft Graph': { delegated: ['11111111-2222-4333-8444-555555555555'] } }),
    ],
  },
  EA611: {
    pass: [
      known({ 'Microsoft Graph': { application: [USER_READ_ALL], delegated: [USER_READ] } }),
      known({ 'Microsoft Graph': { delegated: ['11111111-2222-4333-8444-555555555555'] } }),
    ],
    fail: [
      known({ 'Microsoft Graph': { delegated: ['498476ce-e0fe-48b0-b801-37ba7e2685c6'] } }),
      known({ [GRAPH_ID.toUpperCase()]: { application: [USER_READ] } }),
      {
        app: { permissions: { api: { application: [READ_ID] } } },
        others: { api: { scopes: { Read: { ...scope, id: READ_ID } } } },
      },
    ],
  },
  EA612: {
    pass: [
      { permissions: { 'Microsoft Graph': perms(1), SharePoint: perms(1) } },
      { app: { permissions: { exchange: {} } }, others: { exchange: {} } },
    ],
    fail: [
      { permissions: { 'Microsoft Graph': perms(1), [GRAPH_ID]: perms(1) } },
      { consented: { SharePoint: perms(1), 'Office 365 SharePoint Online': perms(1) } },
      { permissions: { [READ_ID]: perms(1), [READ_ID.toUpperCase()]: perms(1) } },
    ],
  },
  EA613: {
    pass: [
      { permissions: { SharePoint: { application: ['Sites.Selected'] } } },
      {
        permissions: { SharePoint: { application: ['Sites.Selected'] } },
        secrets: { main: { displayName: 'Main', lifetime: '90d' } },
        certificates: { own: { generate: { lifetime: '180d' } } },
      },
      {
        permissions: { SharePoint: { delegated: ['AllSites.Read'] } },
        secrets: { main: { displayName: 'Main', lifetime: '90d' } },
      },
    ],
    fail: [
      {
        permissions: { 'Office 365 SharePoint Online': { application: ['Sites.Selected'] } },
        secrets: { main: { displayName: 'Main', lifetime: '90d' } },
      },
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
      {
        appRoles: { Reader: { ...role, id: READ_ID } },
        assignments: [{ group: 'All', role: READ_ID.toUpperCase() }],
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
