import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  describePermissionChanges,
  type PermissionState,
} from '../../../../infra/program/permission-changes.ts'
import { publishedApisByName } from '../../../../microsoft/apis.ts'
import { permissionFact } from '../../../../microsoft/permission-reach.ts'

const state = (
  consent: PermissionState['consent'],
  application: readonly string[],
  delegated: readonly string[] = [],
  api = 'Microsoft Graph',
): PermissionState => ({ consent, permissions: { [api]: { application, delegated } } })

describe('describePermissionChanges', () => {
  it('says how far an added permission reaches, and what reaches less', () => {
    const changes = describePermissionChanges(
      { app: state('grant', ['User.Read.All']) },
      { app: state('grant', ['User.Read.All', 'Files.ReadWrite.All'], ['Files.Read']) },
    )
    expect(changes).toEqual([
      'app gets Files.ReadWrite.All of Microsoft Graph (application): by itself it can read, change and delete every file of the tenant. Narrower: Sites.Selected reaches chosen sites only; write permissions: { Microsoft Graph: { application: [Sites.Selected] } } and sites: { "https://contoso.sharepoint.com/sites/finance": write } ("Overview of Selected permissions in OneDrive and SharePoint").',
      'app gets Files.Read of Microsoft Graph (delegated), to be used for the signed-in user.',
    ])
  })

  it('speaks of directory roles by the names that they have, whatever they are called in the declaration', () => {
    const roles = (...directoryRoles: string[]): PermissionState => ({
      ...state('request', []),
      directoryRoles,
    })
    const exchange = '29232cdf-9323-42fd-ade2-1d097af3e4de'
    const changes = describePermissionChanges(
      { app: roles('Exchange Administrator', 'Reports Reader') },
      { app: roles(exchange, 'Teams Reader', 'global reader') },
    )
    expect(changes).toEqual([
      'app gets the directory role Teams Reader.',
      'app gets the directory role Global Reader: by itself it can read everything that a Global Administrator can, but not update anything.',
      'app loses the directory role Reports Reader.',
    ])
  })

  it('speaks of roles on sites, and of one in place of another', () => {
    const sites = (each: Record<string, string>): PermissionState => ({ ...state('grant', []), sites: each })
    const changes = describePermissionChanges(
      { app: sites({ 'https://a/1': 'read', 'https://a/2': 'read', 'https://a/4': 'read' }) },
      { app: sites({ 'https://a/2': 'write', 'https://a/3': 'read', 'https://a/4': 'read' }) },
    )
    expect(changes).toEqual([
      'app gets the role write on https://a/2 in place of read.',
      'app gets the role read on https://a/3.',
      'app loses the role read on https://a/1.',
    ])
  })

  it('tells a request from a grant', () => {
    expect(describePermissionChanges({}, { app: state('request', ['Import'], [], 'files-api') })).toEqual([
      'app asks for Import of files-api (application), to be used by itself. An administrator has yet to consent.',
    ])
  })

  it('warns that issued tokens outlive a removal', () => {
    expect(describePermissionChanges({ app: state('grant', ['Mail.Send'], ['User.Read']) }, {})).toEqual([
      'app loses Mail.Send of Microsoft Graph (application). Tokens already issued keep it until they end, for up to 90 minutes.',
      'app loses User.Read of Microsoft Graph (delegated).',
    ])
  })

  it('speaks of consent that is given to what was asked for before, or taken back', () => {
    const [asked, granted] = [state('request', ['Mail.Send']), state('grant', ['Mail.Send'])]
    expect(describePermissionChanges({ app: asked }, { app: granted })).toEqual([
      'app is given consent to what it asked for before, for the whole tenant.',
    ])
    expect(describePermissionChanges({ app: granted }, { app: asked })).toEqual([
      'app loses the consent of this deployment; an administrator has to consent again.',
    ])
  })

  it('tells apart what is consented to by itself', () => {
    const some = (application: readonly string[]): PermissionState => ({
      ...state('request', ['A', 'B']),
      consented: { 'Microsoft Graph': { application, delegated: [] } },
    })
    const changes = (before: PermissionState, after: PermissionState) =>
      describePermissionChanges({ app: before }, { app: after })
    expect(changes(state('request', ['A', 'B']), some(['A']))).toEqual([
      'app is given consent to A of Microsoft Graph (application), for the whole tenant.',
    ])
    expect(changes(some(['A', 'B']), some(['B']))).toEqual([
      'app loses the consent of this deployment to A of Microsoft Graph (application); an administrator has to consent again.',
    ])
    expect(changes(some(['A']), some(['A', 'C']))).toEqual([
      'app gets C of Microsoft Graph (application), to be used by itself.',
    ])
  })

  it('has nothing to say when nothing changes, whatever the order', () => {
    const names = ['A', 'B', 'C', 'D']
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 4 }), (order) => {
        expect(
          describePermissionChanges({ app: state('grant', names) }, { app: state('grant', order) }),
        ).toEqual([])
      }),
    )
  })
})

describe('what is known of permissions', () => {
  it('is known of permissions that exist', () => {
    const graph = publishedApisByName().get('Microsoft Graph')
    const known = (['application', 'delegated'] as const).flatMap((kind) =>
      Object.keys(graph?.[kind] ?? {}).filter((name) => permissionFact(kind, name)),
    )
    expect(known).toContain('Files.ReadWrite.All')
    expect(permissionFact('application', 'toString')).toBeUndefined()
    // Every name in the tables is found among the published ones: 20 application and 5 delegated.
    expect(known).toHaveLength(25)
  })
})
