import { describe, expect, it } from 'vitest'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { readIdentities } from '../../../../infra/rules/identities.ts'
import { publishedApisByName } from '../../../../microsoft/apis.ts'

const OBJECT_ID = '0b000000-0000-4000-8000-000000000001'
const api = appDeclaration.parse({
  displayName: 'Files API',
  appRoles: { Import: { displayName: 'Import', description: 'Imports', for: ['applications'] } },
})
const options = { catalogue: publishedApisByName() }
const read = (value: unknown) => readIdentities(value, { api }, options)
const said = (value: unknown) => {
  const result = read(value)
  return [...(result.ok ? [] : result.problems), ...result.warnings].map(
    ({ code, path, message }) => `${code} ${path.join('.')}: ${message}`,
  )
}

describe('identities', () => {
  it('are found by one of three, and are granted what they list, without a word about it', () => {
    const jobs = {
      objectId: OBJECT_ID.toUpperCase(),
      permissions: {
        'Microsoft Graph': { application: ['User.Read.All'] },
        api: { application: ['Import'] },
      },
      directoryRoles: ['Exchange Administrator'],
    }
    const result = read({ jobs, web: { name: 'web' }, cron: { clientId: OBJECT_ID } })
    expect(result).toMatchObject({ ok: true, warnings: [] })
    expect(result.ok && result.value['jobs']).toMatchObject({
      reference: { objectId: OBJECT_ID },
      app: { consent: 'grant', displayName: 'jobs', directoryRoles: ['Exchange Administrator'] },
    })
    expect(read(undefined)).toMatchObject({ ok: true, value: {} })
  })

  it('are judged by the rules about what applications are granted, at the place where it is written', () => {
    const graph = (...application: string[]) => ({ 'Microsoft Graph': { application } })
    expect(
      said({
        jobs: { name: 'jobs', permissions: graph('Application.ReadWrite.All', 'User.Raed.All') },
        web: { name: 'web', permissions: { api: { application: ['Export'] } }, directoryRoles: ['Exchang'] },
        old: { name: 'old', suppress: [{ rule: 'EA607', reason: 'x' }] },
      }),
    ).toEqual([
      'EA614 identities.web.directoryRoles.0: "Exchang" is not a built-in directory role',
      'EA702 identities.web.permissions.api.application.0: "api" exposes no application permission "Export"',
      'EA607 identities.jobs.permissions.Microsoft Graph.application.0: with Application.ReadWrite.All, it can add a secret to any application, and act as that',
      expect.stringContaining('EA609 identities.jobs.permissions.Microsoft Graph.application.1: '),
      'EA003 identities.old.suppress.0: EA607 finds nothing here',
    ])
  })

  it('have one reference each, a name of their own, and no setting of a registration', () => {
    expect(said({ both: { name: 'x', objectId: OBJECT_ID }, none: {}, api: { name: 'api' } })).toEqual([
      'EA001 identities.both: an identity is one of objectId, clientId, name',
      'EA001 identities.none: an identity is one of objectId, clientId, name',
      'EA001 identities.api: an application of the stack is called "api", too',
    ])
    expect(said({ jobs: { name: 'x', secrets: {} } })).toEqual([
      'EA001 identities.jobs.secrets: there is no setting "secrets" here',
    ])
    const finance = 'https://contoso.sharepoint.com/sites/finance'
    const sites = (each: object) =>
      said({ jobs: { name: 'x', permissions: { graph: { application: ['Sites.Selected'] } }, sites: each } })
    expect(sites({ [finance]: 'fullcontrol' })).toEqual([])
    expect(sites({ [`${finance}/`]: 'read' })).toEqual([
      expect.stringContaining('a site is its address without a slash in the end'),
    ])
    expect(sites({ [finance]: 'owner' })).toEqual([
      expect.stringContaining(`EA001 identities.jobs.sites.${finance}`),
    ])
    expect(said([1])).toEqual([expect.stringContaining('EA001 identities')])
  })
})
