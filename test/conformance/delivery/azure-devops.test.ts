import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DeliveryOptions, openTarget } from '../../../scripts/delivery/index.ts'
import { describeContract } from './contract.ts'
import { openFaultProxy } from './fault-proxy.ts'
import { LIBRARY_TOKEN, type LibraryDouble, openLibraryDouble } from './library-double.ts'
import { delivery } from './support.ts'

/** Where deliveries wait for each other. */
const CACHE = mkdtempSync(join(tmpdir(), 'entra-apps-library-'))
afterAll(() => rmSync(CACHE, { recursive: true, force: true }))

const GROUP = {
  id: 7,
  name: 'files',
  type: 'Vsts',
  variables: {
    region: { value: 'westeurope' },
    theirs: { value: 'stays', isSecret: true },
  },
  variableGroupProjectReferences: [
    { name: 'files', projectReference: { name: 'Files' } },
    { name: 'files', projectReference: { name: 'Other' } },
  ],
}

const open = (
  organization: string,
  { group = 'files', ...more }: { group?: string } & Partial<DeliveryOptions> = {},
) =>
  openTarget(
    { azureDevOps: { organization, project: 'Files', group, variable: 'CLIENT_SECRET' } },
    {
      projectDir: '.',
      env: { SYSTEM_ACCESSTOKEN: LIBRARY_TOKEN, ENTRA_APPS_CACHE: CACHE },
      azureCredential: () => expect.unreachable(),
      ...more,
    },
  )

describeContract(
  'a variable group of Azure DevOps (a double of its protocol)',
  async () => {
    const { url, groups, close } = await openLibraryDouble([GROUP])
    const proxy = await openFaultProxy(url)
    return {
      proxy,
      open: (more) => open(proxy.url, more),
      stored: async () => groups.get(7)?.variables['CLIENT_SECRET']?.value ?? undefined,
      others: async () => {
        const { CLIENT_SECRET: _, ...variables } = groups.get(7)?.variables ?? {}
        return { ...groups.get(7), variables }
      },
      close,
    }
  },
  { tells: 'nothing' },
)

describe('delivery to a variable group of Azure DevOps', () => {
  let library: LibraryDouble
  beforeEach(async () => {
    library = await openLibraryDouble([GROUP, { ...GROUP, id: 8, name: 'linked', type: 'AzureKeyVault' }])
  })
  afterEach(() => library.close())

  it('knows a variable by its name in any case, and makes it a secret one', async () => {
    const { variables } = GROUP
    library.groups.set(7, {
      ...GROUP,
      variables: { ...variables, client_secret: { value: 'in plain sight' } },
    })
    expect(await open(library.url).holds(delivery())).toBe('no')
    await open(library.url).deliver(delivery())
    expect(library.groups.get(7)?.variables).toEqual({
      ...variables,
      client_secret: { value: delivery().value, isSecret: true },
    })
  })

  it('loses none of two deliveries to one group at once', async () => {
    const env = { SYSTEM_ACCESSTOKEN: LIBRARY_TOKEN, ENTRA_APPS_CACHE: CACHE }
    const deliverTo = (variable: string) =>
      openTarget(
        { azureDevOps: { organization: library.url, project: 'Files', group: 'files', variable } },
        { projectDir: '.', env, azureCredential: () => expect.unreachable() },
      ).deliver(delivery())
    await Promise.all(['A', 'B', 'C'].map(deliverTo))
    expect(Object.keys(library.groups.get(7)?.variables ?? {}).sort()).toEqual([
      'A',
      'B',
      'C',
      'region',
      'theirs',
    ])
  })

  it('logs in as the deployer without a token of the job', async () => {
    const scopes: unknown[] = []
    const azureCredential = () => ({
      getToken: async (scope: string | string[]) => {
        scopes.push(scope)
        return { token: LIBRARY_TOKEN, expiresOnTimestamp: Date.now() + 60_000 }
      },
    })
    const env = { ENTRA_APPS_CACHE: CACHE }
    await open(library.url, { env, azureCredential }).deliver(delivery())
    expect(new Set(scopes)).toEqual(new Set(['499b84ac-1321-427f-aa17-267ca6975798/.default']))
  })

  it.each([
    [
      'a page to sign in on',
      { env: { SYSTEM_ACCESSTOKEN: 'expired', ENTRA_APPS_CACHE: CACHE } },
      /answered 203 .*token has expired/,
    ],
    ['no such group', { group: 'fils' }, /there is no variable group "fils"/],
    ['a group of a key vault', { group: 'linked' }, /from elsewhere \(AzureKeyVault\)/],
  ])('says what to do about %s', async (_, more, message) => {
    const failed = open(library.url, { ...more }).deliver(delivery())
    await expect(failed).rejects.toMatchObject({ exposed: false, message: expect.stringMatching(message) })
  })
})
