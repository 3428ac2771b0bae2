import { describe, expect, it } from 'vitest'
import type { Adoption } from '../../../../infra/contract/adoption.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { type AdoptPorts, type AdoptRequest, adopt } from '../../../../scripts/adopt/adopt.ts'
import type { Directory } from '../../../../scripts/proof/directory/open.ts'
import type { Entity, Read } from '../../../../scripts/proof/directory/reader.ts'
import type { PulumiEnded } from '../../../../scripts/stack/pulumi.ts'
import { registered } from './directory.ts'

/** A directory of registrations, by display name; an id stands for the name with which it ends. */
function directoryOf(names: readonly string[], change: object): Directory {
  const found = (name: string) => ({
    ...registered(name, appDeclaration.parse({ displayName: name })).application,
    ...change,
    id: `id-${name}`,
    appId: `app-${name}`,
  })
  const list = (path: string): readonly Entity[] => {
    if (path.startsWith('/applications?')) {
      const wanted = /'(?:app-)?(.+)'/.exec(decodeURIComponent(path))?.[1]
      return names.filter((name) => name === wanted).map(found)
    }
    if (path.endsWith('/ownedObjects')) {
      return names.map((name) => ({ '@odata.type': '#microsoft.graph.application', id: `id-${name}` }))
    }
    const principal = /^\/servicePrincipals\?\$filter=appId eq 'app-(.+)'$/.exec(path)?.[1]
    return principal ? [{ id: `sp-${principal}` }] : []
  }
  const ok = <T>(value: T): Read<T> => ({ ok: true, value })
  const reader = {
    list: async (path: string) => ok(list(path)),
    lists: async (paths: readonly string[]) => paths.map((path) => ok(list(path))),
    objects: async (paths: readonly string[]) =>
      paths.map((path) => ok<Entity>(found(/^\/applications\/id-([^?]+)/.exec(path)?.[1] ?? ''))),
  }
  return { reader, identity: { objectId: 'deployer', isUser: false } } as unknown as Directory
}

interface World {
  /** Steps of the preview of an adoption, by name of the application. */
  readonly steps?: (app: string) => readonly object[]
  /** Steps of the plain preview afterwards. */
  readonly after?: readonly object[]
  readonly change?: object
}

function worldOf(names: readonly string[], { steps, after = [], change = {} }: World = {}) {
  const events: string[] = []
  const written: Record<string, string> = {}
  const previewed = (some: readonly object[]): PulumiEnded => {
    return { code: 0, output: '', stdout: JSON.stringify({ steps: some }) }
  }
  const ports: AdoptPorts = {
    directory: directoryOf(names, change),
    tenantId: 'tenant',
    stack: {
      preview: async (adoption: Adoption) => {
        const apps = Object.keys(adoption)
        events.push(`preview ${apps.join(' ')}`.trim())
        return previewed(apps.length > 0 ? apps.flatMap((app) => steps?.(app) ?? []) : after)
      },
      deploy: async (adoption: Adoption) => void events.push(`deploy ${Object.keys(adoption).join(' ')}`),
      state: async () => ({
        credentials: [],
        keyIds: new Set(),
        applications: new Map(),
        protected: new Map(),
        pending: [],
        hasUnfinished: false,
        isEmpty: false,
      }),
    },
    declared: {},
    isTaken: () => false,
    deployed: {},
    otherStacks: [],
    rules: { cloud: 'public', read: () => undefined },
    schema: '../schema.json',
    writeFile: async (app, content) => {
      events.push(`write ${app}`)
      written[app] = content
    },
    now: () => new Date('2026-11-25T12:00:00Z'),
    note: () => {},
  }
  return { ports, events, written, run: (request: AdoptRequest) => adopt(request, ports) }
}

const step = (op: string, app: string, type = 'azuread:index/application:Application') => ({
  op,
  urn: `urn:pulumi:s::p::entra-apps:index:AppRegistration$${type}::${app}`,
  newState: { type, parent: `urn:pulumi:s::p::entra-apps:index:AppRegistration::${app}` },
})
const files: AdoptRequest = { which: { name: 'files' } }

describe('adopt', () => {
  it('previews, imports, writes the file, and looks whether the next preview is empty', async () => {
    const { run, events, written } = worldOf(['files'], { steps: (app) => [step('import', app)] })
    const { adopted } = await run(files)
    expect(events).toEqual(['preview files', 'deploy files', 'write files', 'preview'])
    expect(written).toEqual({ files: adopted[0]?.yaml })
  })

  it('does nothing but preview when it is dry', async () => {
    const { run, events } = worldOf(['files'])
    expect((await run({ ...files, dryRun: true })).adopted).toHaveLength(1)
    expect(events).toEqual(['preview files'])
  })

  it('gives up, with nothing changed, where the preview holds more than imports', async () => {
    const { run, events } = worldOf(['files'], { steps: (app) => [step('update', app)] })
    await expect(run(files)).rejects.toMatchObject({
      code: 'NOT_ADOPTABLE',
      message: expect.stringContaining('files: the preview is not empty: update Application files'),
    })
    expect(events).toEqual(['preview files'])
  })

  it('carries out nothing that belongs to others', async () => {
    const { run, events } = worldOf(['files'], { steps: () => [step('delete', 'other')] })
    await expect(run(files)).rejects.toMatchObject({ code: 'OTHER_CHANGES' })
    expect(events).toEqual(['preview files'])
  })

  it('says so where the next preview is not empty after all', async () => {
    const { run, events } = worldOf(['files'], { after: [step('update', 'files')] })
    await expect(run(files)).rejects.toMatchObject({
      code: 'OTHER_CHANGES',
      message: expect.stringMatching(/^Adopted, .*\n {2}- update Application files/),
    })
    expect(events.at(-1)).toBe('preview')
  })

  it('sets aside, of several, those that cannot be adopted', async () => {
    const steps = (app: string) => [step(app === 'odd' ? 'replace' : 'import', app)]
    const { run, events } = worldOf(['files', 'odd', 'photos'], { steps })
    const { adopted, notAdoptable } = await run({ which: { allOwned: true } })
    expect(adopted.map(({ app }) => app)).toEqual(['files', 'photos'])
    expect(notAdoptable.map(({ displayName }) => displayName)).toEqual(['odd'])
    expect(events.slice(0, 3)).toEqual([
      'preview files odd photos',
      'preview files photos',
      'deploy files photos',
    ])
  })

  it('adopts what was selected from an inventory, and says which are gone', async () => {
    const { run, events } = worldOf(['files', 'photos'])
    const selected = ['files', 'gone', 'photos'].map((displayName) => ({
      clientId: `app-${displayName}`,
      displayName,
    }))
    const { adopted, notAdoptable } = await run({ which: { selected }, dryRun: true })
    expect(events).toEqual(['preview files photos'])
    expect(adopted.map(({ app }) => app)).toEqual(['files', 'photos'])
    expect(notAdoptable).toEqual([
      {
        clientId: 'app-gone',
        displayName: 'gone',
        reasons: ['the tenant does not have it any more; write a new inventory'],
      },
    ])
  })

  it('suppresses rules that the registration breaks as it is, and lists them', async () => {
    const change = { web: { redirectUris: ['http://files.example.com/cb'] } }
    const { adopted } = await worldOf(['files'], { change }).run(files)
    expect(adopted[0]?.suppressed).toEqual([
      expect.stringMatching(/redirectUris\.web\[0\]: .*http to a host other/),
    ])
    expect(adopted[0]?.yaml).toMatch(/suppress:\n {2}- rule: EA\d+\n {4}reason: adopted as it was\n/)
  })
})
