import { catalogueDate, publishedApisByName } from '../../../../microsoft/apis.ts'
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
  EA601: { pass: [apis(50)], fail: [[apis(51), 'permissions: 51 APIs, the limit is 50']] },
  EA602: {
    pass: [
      apis(10),
      { permissions: { ...named(10, perms(1), (i) => `API ${i}`), 'Microsoft Graph': perms(1) } },
      { app: { permissions: { ...named(10, perms(1), (i) => `API ${i}`), api: {} } }, others: { api } },
    ],
    fail: [[apis(11), 'permissions: 11 APIs of unknown tenants, the limit is 10']],
  },
  EA603: {
    pass: [apis(4, 100), { ...PERSONAL, ...apis(41, 10) }],
    fail: [[apis(41, 10), 'permissions: 410 permissions over all APIs, the limit is 400']],
  },
  EA604: {
    pass: [{ ...PERSONAL, ...apis(20, 10) }, apis(21, 10)],
    fail: [
      [{ ...PERSONAL, ...apis(21, 10) }, 'permissions: 210 permissions over all APIs, the limit is 200'],
    ],
  },
  EA605: {
    pass: [{ ...PERSONAL, ...apis(1, 30) }, apis(1, 31)],
    fail: [
      [{ ...PERSONAL, ...apis(1, 31) }, 'permissions.API 0: 31 permissions of one API, the limit is 30'],
    ],
  },
  EA606: {
    pass: [{ permissions: { X: { application: ['A'], delegated: ['A'] } } }],
    fail: [
      [
        { permissions: { X: { application: ['A', 'A'] } } },
        'permissions.X.application.1: "A" is listed twice',
      ],
      [{ permissions: { X: { delegated: ['A', 'A'] } } }, 'permissions.X.delegated.1: "A" is listed twice'],
      [{ consented: { X: { delegated: ['A', 'A'] } } }, 'consented.X.delegated.1: "A" is listed twice'],
      [
        known({ 'Microsoft Graph': { application: [USER_READ_ALL.toUpperCase(), 'User.Read.All'] } }),
        'permissions.Microsoft Graph.application.1: "User.Read.All" and "DF021288-BDEF-4463-88DB-98F22DE89214" are the same permission',
      ],
    ],
  },
  EA607: {
    pass: [
      graph('Application.ReadWrite.OwnedBy'),
      { permissions: { Other: { application: ['Application.ReadWrite.All'] } } },
    ],
    fail: [
      [
        graph('AppRoleAssignment.ReadWrite.All'),
        'permissions.Microsoft Graph.application.0: with AppRoleAssignment.ReadWrite.All, it can grant itself any permission, and so become Global Administrator',
      ],
      [
        graph('RoleManagement.ReadWrite.Directory'),
        'permissions.Microsoft Graph.application.0: with RoleManagement.ReadWrite.Directory, it can make itself Global Administrator',
      ],
      [
        { permissions: { [GRAPH_ID]: { application: ['AppRoleAssignment.ReadWrite.All'] } } },
        'permissions.00000003-0000-0000-c000-000000000000.application.0: with AppRoleAssignment.ReadWrite.All, it can grant itself any permission, and so become Global Administrator',
      ],
      [
        { permissions: { 'https://graph.microsoft.com/': { application: ['Directory.ReadWrite.All'] } } },
        'permissions.https://graph.microsoft.com/.application.0: with Directory.ReadWrite.All, it can change almost everything in the directory',
      ],
      [
        { consented: { graph: { application: ['Application.ReadWrite.All'] } } },
        'consented.graph.application.0: with Application.ReadWrite.All, it can add a secret to any application, and act as that',
      ],
      [
        known({ 'Microsoft Graph': { application: ['06b708a9-e830-4db3-a914-8e69da51d44f'] } }),
        'permissions.Microsoft Graph.application.0: with AppRoleAssignment.ReadWrite.All, it can grant itself any permission, and so become Global Administrator',
      ],
    ],
  },
  EA608: {
    pass: [{ assignments: assigned(1500) }],
    fail: [
      [
        { assignments: assigned(1501) },
        'assignments.0: "ada@a.example" is assigned 1501 times, the limit is 1500',
      ],
      [
        { app: { assignments: assigned(1) }, after: { other: { assignments: assigned(1500) } } },
        'assignments.0: "ada@a.example" is assigned 1501 times, the limit is 1500',
      ],
    ],
  },
  EA610: {
    pass: [
      { permissions: { 'Microsoft Grph': { application: ['Read'] } } },
      // An API of the tenant that is neither: the deployment finds it there.
      {
        app: { permissions: { 'Contoso Orders': { application: ['Read'] } } },
        context: { catalogue: published },
      },
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
      [
        {
          app: { permissions: { 'Microsoft Grph': { application: ['Files.Read.All'] } } },
          context: { catalogue: published },
        },
        'permissions.Microsoft Grph: Microsoft publishes no API "Microsoft Grph", and the stack has no application of that name',
      ],
      [
        {
          app: { consented: { order: { application: ['Read'] } } },
          others: { orders: {} },
          context: { catalogue: published },
        },
        'consented.order: Microsoft publishes no API "order", and the stack has no application of that name',
      ],
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
      [
        { app: graph('Files.Raed.All'), context: { catalogue: published } },
        `permissions.Microsoft Graph.application.0: Microsoft Graph published no application permission "Files.Raed.All" on ${catalogueDate()}`,
      ],
      [
        { app: graph('User.Read'), context: { catalogue: published } },
        `permissions.Microsoft Graph.application.0: Microsoft Graph published no application permission "User.Read" on ${catalogueDate()}`,
      ],
      [
        known({ [GRAPH_ID]: { application: ['Files.Raed.All'] } }),
        `permissions.00000003-0000-0000-c000-000000000000.application.0: 00000003-0000-0000-c000-000000000000 published no application permission "Files.Raed.All" on ${catalogueDate()}`,
      ],
      [
        known({ SharePoint: { application: ['Sites.Selcted'] } }),
        `permissions.SharePoint.application.0: SharePoint published no application permission "Sites.Selcted" on ${catalogueDate()}`,
      ],
      [
        known({ 'Microsoft Graph': { delegated: ['11111111-2222-4333-8444-555555555555'] } }),
        `permissions.Microsoft Graph.delegated.0: Microsoft Graph published no delegated permission "11111111-2222-4333-8444-555555555555" on ${catalogueDate()}`,
      ],
    ],
  },
  EA611: {
    pass: [
      known({ 'Microsoft Graph': { application: [USER_READ_ALL], delegated: [USER_READ] } }),
      known({ 'Microsoft Graph': { delegated: ['11111111-2222-4333-8444-555555555555'] } }),
    ],
    fail: [
      [
        known({ 'Microsoft Graph': { delegated: ['498476ce-e0fe-48b0-b801-37ba7e2685c6'] } }),
        'permissions.Microsoft Graph.delegated.0: 498476ce-e0fe-48b0-b801-37ba7e2685c6 is the id of the application permission Organization.Read.All of Microsoft Graph, but is listed under "delegated"',
      ],
      [
        known({ [GRAPH_ID.toUpperCase()]: { application: [USER_READ] } }),
        'permissions.00000003-0000-0000-C000-000000000000.application.0: e1fe6dd8-ba31-4d61-89e7-88639da4683d is the id of the delegated permission User.Read of 00000003-0000-0000-C000-000000000000, but is listed under "application"',
      ],
      [
        {
          app: { permissions: { api: { application: [READ_ID] } } },
          others: { api: { scopes: { Read: { ...scope, id: READ_ID } } } },
        },
        'permissions.api.application.0: 6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7eab is the id of the delegated permission Read of api, but is listed under "application"',
      ],
    ],
  },
  EA612: {
    pass: [
      { permissions: { 'Microsoft Graph': perms(1), SharePoint: perms(1) } },
      { app: { permissions: { exchange: {} } }, others: { exchange: {} } },
    ],
    fail: [
      [
        { permissions: { 'Microsoft Graph': perms(1), [GRAPH_ID]: perms(1) } },
        'permissions.00000003-0000-0000-c000-000000000000: "00000003-0000-0000-c000-000000000000" and "Microsoft Graph" are the same API',
      ],
      [
        { consented: { SharePoint: perms(1), 'Office 365 SharePoint Online': perms(1) } },
        'consented.Office 365 SharePoint Online: "Office 365 SharePoint Online" and "SharePoint" are the same API',
      ],
      [
        { permissions: { [READ_ID]: perms(1), [READ_ID.toUpperCase()]: perms(1) } },
        'permissions.6F2D6B0A-2B8A-4A52-8D5E-0C2B9F1A7EAB: "6F2D6B0A-2B8A-4A52-8D5E-0C2B9F1A7EAB" and "6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7eab" are the same API',
      ],
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
      [
        {
          permissions: { 'Office 365 SharePoint Online': { application: ['Sites.Selected'] } },
          secrets: { main: { displayName: 'Main', lifetime: '90d' } },
        },
        'permissions.Office 365 SharePoint Online.application: Office 365 SharePoint Online answers 401 to app-only tokens that were got with a client secret',
      ],
    ],
  },
}
