import type { Cases, Declared } from './case.ts'

const FINANCE = 'https://contoso.sharepoint.com/sites/finance'
const sites = { [FINANCE]: 'write' } as const
const graph = (...application: string[]): Declared['permissions'] => ({ 'Microsoft Graph': { application } })

export const siteCases: Cases = {
  EA617: {
    pass: [
      {},
      { sites, permissions: graph('Sites.Selected') },
      { sites, permissions: { sharepoint: { application: ['Sites.Selected'] } } },
      { sites, permissions: {}, consented: graph('Lists.SelectedOperations.Selected') },
    ],
    fail: [
      [
        { sites, permissions: graph('Files.Read.All') },
        'sites: without Sites.Selected no token reaches the sites',
      ],
    ],
  },
  EA618: {
    pass: [{ permissions: graph('Sites.Read.All') }, { sites, permissions: graph('Sites.Selected') }],
    fail: [
      [
        { sites, permissions: graph('Sites.Selected', 'Sites.Read.All') },
        'sites: with Sites.Read.All it reaches every site already',
      ],
    ],
  },
}
