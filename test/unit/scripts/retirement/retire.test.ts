import { describe, expect, it } from 'vitest'
import type { Intent } from '../../../../infra/contract/intent.ts'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import type { AppDeclaration } from '../../../../infra/declaration/schema.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import type { DirectoryReader, Entity } from '../../../../scripts/proof/directory/reader.ts'
import { renderRetirement } from '../../../../scripts/retirement/render.ts'
import { cancelRetirement, type RetirementPorts, retire } from '../../../../scripts/retirement/retire.ts'
import { type EngineState, readEngineState } from '../../../../scripts/stack/engine-state.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'
import { recordingTerminal } from '../../../support/terminal.ts'

const NOW = new Date('2026-11-29T12:00:00Z')
const SINCE = '2026-10-20T12:00:00Z'
const RETIREMENT = { since: SINCE, deleteFrom: '2026-11-19T12:00:00Z' }
const GONE = {
  at: '2026-11-29T12:00:00Z',
  displayName: 'Files',
  clientId: 'client',
  objectId: 'object',
  servicePrincipalId: 'principal',
}
const REQUEST = { unusedForMs: 86_400_000, force: false }

interface World {
  /** As declared. */
  after?: string | undefined
  outputs?: Partial<StackOutputs>
  isEnabled?: boolean
  /** `retire` stands in a file that the command does not write. */
  isDeclaredElsewhere?: boolean
  /** Whether the state still has the registration. */
  isInState?: boolean
  /** A program of its own registers the applications. */
  isInCode?: boolean
  /** What a deployment leaves. */
  deployed?: Partial<StackOutputs>
  /** What another run leaves, which deletes the registration while this one reads. */
  meanwhile?: Partial<StackOutputs>
  /** Whether the registration is there; a deployment takes it away unless it says `kept`. */
  registration?: 'there' | 'kept' | 'gone'
}

/** A stack and a tenant in which nobody uses anything; `did` tells what was done to them. */
function world({ after, outputs = {}, isEnabled = true, registration = 'there', ...world }: World) {
  const did: (string | Intent)[] = []
  let declaredAfter = after
  let current = outputs
  let present = registration !== 'gone'
  let isInState = world.isInState ?? false
  const declared = (): Record<string, AppDeclaration> => ({
    files: appDeclaration.parse({
      displayName: 'Files',
      ...(declaredAfter !== undefined && { retire: { after: declaredAfter } }),
    }),
  })
  const object = (path: string): Entity | undefined => {
    if (path.startsWith('/servicePrincipals'))
      return world.meanwhile ? undefined : { accountEnabled: isEnabled }
    if (path.startsWith('/directory')) return present ? undefined : {}
    return present ? {} : undefined
  }
  const notFound = { ok: false, failure: { status: 404, code: 'Request_ResourceNotFound' } }
  const ports = {
    stack: {
      declared: async () => (world.isInCode ? {} : declared()),
      rotated: async () => declared(),
      isDeclaredInFiles: async () => !world.isInCode,
      outputs: async ({ fresh = false } = {}) => {
        if (fresh && world.meanwhile) current = world.meanwhile
        return { apps: {}, ledger: {}, secretValues: {}, ...current }
      },
      state: async (): Promise<EngineState> => ({
        ...readEngineState('{"deployment":null}'),
        applications: new Map(isInState ? [['/applications/object', 'files']] : []),
      }),
      set: async (path: string, value: string | undefined) => {
        did.push(`set ${path} ${value ?? 'nothing'}`)
        if (!world.isDeclaredElsewhere) declaredAfter = value
      },
      unprotect: async (app: string) => void did.push(`unprotect ${app}`),
      deploy: async (intent: Intent) => {
        did.push(intent.deleteApps ? `deploy without ${intent.deleteApps}` : 'deploy')
        if (world.deployed) current = world.deployed
        if (registration !== 'kept') present = false
        isInState = false
      },
    },
    reader: {
      objects: async (paths: readonly string[]) =>
        paths.map((path) => {
          const value = object(path)
          return value ? { ok: true, value } : notFound
        }),
      list: async () => ({ ok: true, value: [] }),
      lists: async (paths: readonly string[]) => paths.map(() => ({ ok: true, value: [] })),
    } as unknown as DirectoryReader,
    now: () => NOW,
    note: () => {},
  } satisfies RetirementPorts
  return { ports, did }
}

const active = { apps: { files: PLAIN_APP } }
const disabled = { apps: { files: { ...PLAIN_APP, retirement: RETIREMENT } } }
const gone = { apps: {}, deletedApps: { files: GONE } }
const rendered = (report: Parameters<typeof renderRetirement>[0]) =>
  renderRetirement(report, recordingTerminal().colors)

describe('retire', () => {
  it('declares, then deploys', async () => {
    const { ports, did } = world({ outputs: active, deployed: disabled })
    const report = await retire('files', REQUEST, ports)
    expect(did).toEqual(['set entra-apps:apps["files"].retire.after 30d', 'deploy'])
    expect(report).toMatchObject({ phase: 'disabled', did: 'disabled', next: 'wait', retirement: RETIREMENT })
    expect(rendered({ ...report, dependents: ['viewer'] })).toContain(
      'Remove first what refers to it: viewer.',
    )
    expect(rendered(report)).toContain(`sign-in is disabled since ${SINCE}`)
  })

  it.each([
    ['was killed before it deployed', { after: '30d', outputs: active, deployed: disabled }, ['deploy']],
    [
      'was killed before it deleted',
      { after: '30d', outputs: disabled, isEnabled: false, deployed: gone },
      ['unprotect files', 'deploy without files'],
    ],
    ['was killed while it deleted', { after: '30d', outputs: gone }, ['unprotect files', 'deploy']],
    [
      'was killed before the state recorded the deletion',
      { after: '30d', outputs: gone, registration: 'gone', isInState: true },
      ['unprotect files', 'deploy'],
    ],
    ['had come to its end', { after: '30d', outputs: gone, registration: 'gone' }, []],
  ] satisfies [string, World, string[]][])('continues a run that %s', async (_, given, steps) => {
    const { ports, did } = world(given)
    const report = await retire('files', REQUEST, ports)
    expect(did).toEqual(steps)
    expect(report.refusals).toEqual([])
    expect(report.phase).toBe(given.outputs === active ? 'disabled' : 'deleted')
  })

  it('completes what another run deletes at the same time', async () => {
    const given = { after: '30d', outputs: disabled, isEnabled: false }
    const { ports, did } = world({ ...given, meanwhile: gone })
    expect(await retire('files', REQUEST, ports)).toMatchObject({ phase: 'deleted', did: 'deleted' })
    expect(did).toEqual(['unprotect files', 'deploy'])
  })

  it('completes a deletion that ended in the middle, which the outputs do not say', async () => {
    const given = { after: '30d', outputs: disabled, meanwhile: disabled }
    const dry = world(given)
    const planned = await retire('files', REQUEST, dry.ports, { dryRun: true })
    expect(rendered(planned)).toBe('files: would be deleted. Nothing was changed.')
    expect(dry.did).toEqual([])
    const { ports, did } = world({ ...given, deployed: gone })
    expect(await retire('files', REQUEST, ports)).toMatchObject({ phase: 'deleted', did: 'deleted' })
    expect(did).toEqual(['unprotect files', 'deploy without files'])
  })

  it.each([
    ['before its time', { deleteFrom: '2026-11-30T12:00:00Z' }],
    ['that is not declared to be retired', { after: undefined }],
    ['in code', { isInCode: true }],
  ])(
    'fails for an application %s whose service principal is gone',
    async (_, { deleteFrom, ...given }: World & { deleteFrom?: string }) => {
      const outputs = {
        apps: { files: { ...PLAIN_APP, retirement: { ...RETIREMENT, ...(deleteFrom && { deleteFrom }) } } },
      }
      const { ports, did } = world({ after: '30d', outputs, meanwhile: outputs, ...given })
      await expect(retire('files', REQUEST, ports)).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' })
      expect(did).toEqual([])
    },
  )

  it('says so when the registration is there again', async () => {
    const { ports } = world({ outputs: gone, registration: 'kept' })
    const report = await retire('files', REQUEST, ports)
    expect(report.did).toBe('nothing')
    expect(rendered(report)).toContain('✗ its registration object is there again or still.')
  })

  it('changes nothing with dryRun', async () => {
    for (const given of [
      { outputs: active },
      { after: '30d', outputs: disabled, isEnabled: false },
      { outputs: gone },
    ]) {
      const { ports, did } = world(given)
      expect((await retire('files', REQUEST, ports, { dryRun: true })).did).toBe('nothing')
      expect((await cancelRetirement('files', ports, { dryRun: true })).did).toBe('nothing')
      expect(did).toEqual([])
    }
  })

  it('fails when a deployment left out what was asked for', async () => {
    const { ports } = world({ after: '30d', outputs: disabled, isEnabled: false, deployed: disabled })
    await expect(retire('files', REQUEST, ports)).rejects.toMatchObject({ code: 'OTHER_CHANGES' })
  })

  it('knows declared and deployed applications only', async () => {
    const { ports } = world({})
    await expect(retire('file', REQUEST, ports)).rejects.toMatchObject({ code: 'UNKNOWN_APP' })
    await expect(retire('files', REQUEST, ports)).rejects.toMatchObject({ code: 'NOT_DEPLOYED' })
  })
})

describe('an application in the code of a program', () => {
  const inCode = async (given: World, options?: { dryRun?: boolean }) => {
    const { ports, did } = world({ ...given, isInCode: true })
    const report = await retire('files', REQUEST, ports, options)
    return { said: rendered(report), did, report }
  }

  it('is disabled, waited for and deleted by what the person is told to change', async () => {
    const active = await inCode({ outputs: { apps: { files: PLAIN_APP } } })
    expect(active.said).toContain(
      "✗ it is declared in the code of a program.\n    → add retire: { after: '30d' } to its entry there, run npm run up, then this command again.",
    )
    const waiting = {
      apps: { files: { ...PLAIN_APP, retirement: { since: SINCE, deleteFrom: '2026-12-01T00:00:00Z' } } },
    }
    const wait = await inCode({ after: '42d', outputs: waiting, isEnabled: false })
    expect(wait.report).toMatchObject({ next: 'wait', refusals: [] })
    expect([...active.did, ...wait.did]).toEqual([])
    const due = await inCode({ after: '30d', outputs: disabled, isEnabled: false })
    expect(due.said).toContain('→ remove its entry there and run npm run up, which deletes it')
    expect(due.did).toEqual(['unprotect files'])
    const dry = await inCode({ after: '30d', outputs: disabled, isEnabled: false }, { dryRun: true })
    expect([dry.said, dry.did]).toEqual([due.said, []])
  })

  it('comes back the same way', async () => {
    const { ports, did } = world({ after: '30d', outputs: disabled, isInCode: true })
    const { refusals } = await cancelRetirement('files', ports)
    expect(refusals[0]?.fix).toBe('remove `retire` from its entry there and run npm run up')
    expect(did).toEqual([])
  })
})

describe('--cancel', () => {
  it('takes it out of the declaration, and deploys', async () => {
    const { ports, did } = world({ after: '30d', outputs: disabled, deployed: active })
    expect((await cancelRetirement('files', ports)).did).toBe('cancelled')
    expect(did).toEqual(['set entra-apps:apps["files"].retire nothing', 'deploy'])
  })

  it('continues one that was killed before it deployed, and does nothing where there is nothing', async () => {
    const { ports, did } = world({ outputs: disabled, deployed: active })
    expect((await cancelRetirement('files', ports)).did).toBe('cancelled')
    expect(did).toEqual(['deploy'])
    const report = await cancelRetirement('files', world({ outputs: active }).ports)
    expect(rendered(report)).toBe('files is not being retired.')
  })

  it.each([
    ['deleted, and is registered anew', { apps: { files: { ...PLAIN_APP, clientId: 'new' } } }],
    ['declared to be retired again', disabled],
  ])('fails when it was meanwhile %s', async (_, deployed) => {
    const { ports } = world({ after: '30d', outputs: disabled, deployed })
    await expect(cancelRetirement('files', ports)).rejects.toMatchObject({ code: 'OTHER_CHANGES' })
  })

  it('says where it is declared, when it cannot take it out', async () => {
    const { ports, did } = world({ after: '30d', outputs: disabled, isDeclaredElsewhere: true })
    const { refusals } = await cancelRetirement('files', ports)
    expect(refusals[0]?.reason).toBe('`retire` is declared outside the stack file')
    expect(did).not.toContain('deploy')
  })

  it('says how to restore what is deleted', async () => {
    const { refusals } = await cancelRetirement('files', world({ outputs: gone }).ports)
    expect(refusals[0]?.fix).toContain('Until 2026-12-29T12:00:00Z Entra can restore the registration')
  })
})
