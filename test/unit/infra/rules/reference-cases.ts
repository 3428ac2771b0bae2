import type { Case, Cases, Declared } from './case.ts'

const scope = { admin: { displayName: 'Read', description: 'Read files' } }
const role = { displayName: 'Reader', description: 'Reads' }
const api: Declared = {
  scopes: { Read: scope },
  appRoles: { Import: { ...role, for: ['applications'] }, Reader: role },
}
const asks = (permissions: { application?: string[]; delegated?: string[] }): Case => ({
  app: { permissions: { api: permissions } },
  others: { api },
})
const READ_ID = '6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7eab'

export const referenceCases: Cases = {
  EA701: {
    pass: [
      { knownClients: ['00000000-0000-0000-0000-000000000001'] },
      { app: { knownClients: ['client'] }, others: { client: {} } },
    ],
    fail: [
      [
        { app: { knownClients: ['cleint'] }, others: { client: {} } },
        'knownClients.0: "cleint" is neither an application of this stack nor a client id',
      ],
      [
        { scopes: { Read: scope }, preAuthorizedClients: { nobody: ['Read'] } },
        'preAuthorizedClients.nobody: "nobody" is neither an application of this stack nor a client id',
      ],
    ],
  },
  EA702: {
    pass: [
      asks({ application: ['Import'], delegated: ['Read'] }),
      { permissions: { Foreign: { application: ['P0'] } } },
    ],
    fail: [
      [
        asks({ application: ['Imprt'] }),
        'permissions.api.application.0: "api" exposes no application permission "Imprt"',
      ],
      [
        asks({ application: ['Reader'] }),
        'permissions.api.application.0: "api" exposes no application permission "Reader"',
      ],
      [
        asks({ delegated: ['Import'] }),
        'permissions.api.delegated.0: "api" exposes no delegated permission "Import"',
      ],
    ],
  },
  EA703: {
    pass: [asks({ delegated: ['Read'] }), { app: { knownClients: ['client'] }, others: { client: {} } }],
    fail: [
      [
        { permissions: { app: {} } },
        'permissions: each needs the next one to be registered first: app → app',
      ],
      [
        { app: { owners: ['api'] }, others: { api: { permissions: { app: {} } } } },
        'permissions: each needs the next one to be registered first: app → api → app',
      ],
      [
        {
          app: { permissions: { api: {} } },
          others: { api: { permissions: { third: {} } }, third: { knownClients: ['app'] } },
        },
        'permissions: each needs the next one to be registered first: app → api → third → app',
      ],
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
      [
        { assignments: [{ user: 'a@a.example', role: 'Reader' }] },
        'assignments.0.role: the application has no app role "Reader" for users',
      ],
      [
        {
          appRoles: { Import: { ...role, for: ['applications'] } },
          assignments: [{ group: 'All', role: 'Import' }],
        },
        'assignments.0.role: the application has no app role "Import" for users',
      ],
    ],
  },
  EA705: {
    pass: [{}, { servicePrincipal: { assignmentRequired: true }, assignments: [{ group: 'All' }] }],
    fail: [
      [
        { servicePrincipal: { assignmentRequired: true } },
        'servicePrincipal.assignmentRequired: nobody is assigned, so nobody can sign in',
      ],
    ],
  },
  EA706: {
    pass: [{}],
    fail: [[{ retire: { after: '30d' } }, 'retire: sign-in is disabled; after 30d it may be deleted']],
  },
  EA002: {
    pass: [{ displayName: 'x'.repeat(121), suppress: [{ rule: 'EA201', reason: 'known' }] }],
    fail: [
      [
        { suppress: [{ rule: 'EA999', reason: 'known' }] },
        'suppress.0.rule: there is no rule "EA999" to suppress',
      ],
      [
        { suppress: [{ rule: 'EA001', reason: 'known' }] },
        'suppress.0.rule: there is no rule "EA001" to suppress',
      ],
    ],
  },
  EA003: {
    pass: [{ displayName: 'x'.repeat(121), suppress: [{ rule: 'EA201', reason: 'known' }] }],
    fail: [[{ suppress: [{ rule: 'EA201', reason: 'known' }] }, 'suppress.0: EA201 finds nothing here']],
  },
}
