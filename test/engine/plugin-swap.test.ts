import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../tenant/index.ts'
import { deployerGraph, trust } from '../support/rehearsal.ts'
import { FILE_MANAGER, openStage, type Stage } from '../support/stage.ts'
import { certificatePem } from '../unit/infra/rules/certificate.ts'

const official = process.env['ENTRA_APPS_AZUREAD_PLUGIN']

/** Beside FILE_MANAGER, every other resource type that declarations make. */
const PHOTOS: Record<string, AppDeclarationInput> = {
  'photos-api': {
    displayName: 'Photos API',
    logo: 'logo.png',
    identifierUris: ['api://{clientId}', 'api://{tenantId}/photos', 'api://{tenantId}/a'],
    scopes: { 'Photos.Read': { admin: { displayName: 'Read photos', description: 'Read all photos' } } },
    appRoles: { Curator: { displayName: 'Curator', description: 'Keeps the photos' } },
    preAuthorizedClients: { viewer: ['Photos.Read'] },
    owners: ['grace@contoso.onmicrosoft.com'],
    assignments: [
      { user: 'ada@contoso.onmicrosoft.com', role: 'Curator' },
      { group: 'Curators', role: 'Curator' },
    ],
  },
  viewer: {
    displayName: 'Viewer',
    permissions: { 'photos-api': { delegated: ['Photos.Read'] } },
    federatedCredentials: {
      'github-main': { github: { repository: 'contoso/viewer', branch: 'main' }, description: 'Deployments' },
      cluster: {
        kubernetes: { issuer: 'https://cluster.example', namespace: 'prod', serviceAccount: 'viewer' },
      },
    },
    certificates: { signing: { file: 'signing.pem' } },
  },
}

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

type Outputs = Readonly<Record<string, unknown>>

interface Resource {
  readonly type: string
  readonly urn: string
  readonly outputs?: Readonly<Record<string, unknown>>
}

/** The first bytes of a PNG, which is what makes it one here. */
const LOGO = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

async function prepare(): Promise<Stage> {
  const stage = await openStage({
    deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'User.Read.All', 'Group.ReadWrite.All'],
  })
  trust(stage.tenant.caPem)
  const graph = await deployerGraph(stage.tenant)
  await graph('POST', '/groups', {
    displayName: 'Curators',
    mailEnabled: false,
    mailNickname: 'curators',
    securityEnabled: true,
  })
  await writeFile(join(stage.dir, 'logo.png'), LOGO)
  await writeFile(
    join(stage.dir, 'signing.pem'),
    await certificatePem({ notAfter: '2036-01-01T00:00:00Z', bits: 2048 }),
  )
  await stage.declare({ 'file-manager': FILE_MANAGER, ...PHOTOS })
  return stage
}

/**
 * A state file is exchangeable between the official azuread plugin and the one of this repository: neither sees a
 * change in what the other made. Runs where ENTRA_APPS_AZUREAD_PLUGIN names an official plugin, whose waits for
 * replication take minutes.
 */
describe.skipIf(!official)('the plugins are exchangeable', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await prepare()
  })
  afterEach(() => stage?.close())

  /** What a plugin has written into the state, by resource, without the bookkeeping of the official one. */
  async function outputsInState(): Promise<Outputs> {
    const { stdout } = await stage.pulumi('stack', 'export', '--show-secrets')
    const { deployment } = JSON.parse(stdout) as { deployment: { resources: readonly Resource[] } }
    return Object.fromEntries(
      deployment.resources
        .filter(({ type }) => type.startsWith('azuread:'))
        .map(({ urn, outputs = {} }) => [
          urn.split('::').slice(-2).join('::'),
          Object.fromEntries(Object.entries(outputs).filter(([name]) => !name.startsWith('__'))),
        ]),
    )
  }

  /** The states that the plugins leave behind what they make, each in a tenant of its own. */
  const made: Outputs[] = []

  it.each([
    ['official first', official, undefined],
    ['official second', undefined, official],
  ])(
    '%s',
    async (_, first, second) => {
      const succeed = async (plugin: string | undefined, ...args: string[]) => {
        const ended = await stage.pulumiWithPlugin(plugin, ...args)
        expect(ended.code, ended.output).toBe(0)
      }
      await succeed(first, 'up', '--yes')
      made.push(await outputsInState())
      await succeed(second, 'up', '--yes', '--expect-no-changes')
      await succeed(second, 'refresh', '--yes', '--expect-no-changes')
      const readBySecond = await outputsInState()
      await succeed(first, 'refresh', '--yes', '--expect-no-changes')
      expect(await outputsInState()).toEqual(readBySecond)
      await succeed(first, 'up', '--yes', '--expect-no-changes')
      await succeed(second, 'destroy', '--yes')
    },
    900_000,
  )

  it('each leaves the same state behind', () => {
    const [byOfficial, byOurs] = made.map(formOf)
    expect(byOurs).toEqual(byOfficial)
  })
})

/**
 * A state without what differs from tenant to tenant: texts, and with them the order of sets; and without the names that a
 * service principal has by the time it is read, since its application gets them meanwhile.
 */
function formOf(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map(formOf)
      .map((each) => JSON.stringify(each))
      .sort()
  if (typeof value === 'string') return value === '' ? '' : 'text'
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'servicePrincipalNames')
      .map(([name, each]) => [name.replaceAll(GUID, 'id'), formOf(each)]),
  )
}
