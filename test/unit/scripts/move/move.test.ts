import { describe, expect, it } from 'vitest'
import type { Intent } from '../../../../infra/contract/intent.ts'
import type { MovedEntries, MoveRecord } from '../../../../infra/contract/move.ts'
import { type MovePorts, move } from '../../../../scripts/move/move.ts'
import type { Entry } from '../../../../scripts/move/stack-state.ts'

const FACTS = { tenantId: 't' } as unknown as MovedEntries['apps'][string]
const BEGUN = '2026-01-01T00:00:00Z'
const LEDGER = { main: [] }
const entry = (name: string): Entry => ({
  name,
  section: 'apps',
  urn: `urn:${name}`,
  objects: [{ urn: `urn:${name}-object`, type: 'x', id: name }],
})

/** Two stacks in memory: `files` and `mail` in dev, `other` in prod. `failAt`: the step after which the run is killed. */
function world({ changes = [] as string[] } = {}) {
  const stacks = {
    dev: {
      state: new Set(['files', 'mail']),
      outputs: new Set(['files', 'mail']),
      declared: new Set(['files', 'mail']),
    },
    prod: { state: new Set(['other']), outputs: new Set(['other']), declared: new Set(['other']) },
  }
  const log: string[] = []
  const isProtected = new Set<string>()
  let record: MoveRecord | undefined
  let failAt: string | undefined
  const done = (step: string) => {
    log.push(step)
    if (step === failAt) throw new Error('killed')
  }
  const port = (name: 'dev' | 'prod'): MovePorts['source'] => {
    const stack = stacks[name]
    return {
      read: async () => ({
        name,
        declared: new Set(stack.declared),
        tenantId: 't',
        cloud: 'public',
        state: {
          entries: new Map([...stack.state].map((each) => [each, entry(each)])),
          outputs: {
            apps: Object.fromEntries([...stack.outputs].map((each) => [each, FACTS])),
            identities: {},
            ledger: Object.fromEntries([...stack.outputs].map((each) => [each, LEDGER])),
          },
          root: `urn:${name}`,
          isUnfinished: false,
          needs: [],
        },
      }),
      preview: async () => {
        const steps = [
          ...[...stack.declared].filter((each) => !stack.state.has(each)).map((each) => `create ${each}`),
          ...[...stack.state].filter((each) => !stack.declared.has(each)).map((each) => `delete ${each}`),
          ...changes,
        ].map((step) => ({ op: step.split(' ')[0], urn: `urn:pulumi:s::p::t::${step.split(' ')[1]}` }))
        return { code: 0, output: '', stdout: JSON.stringify({ steps }) }
      },
      deploy: async ({ moved, at }: Intent) => {
        expect(at).toBe(record?.at)
        // The fence in the program lets nothing through without it.
        expect(moved).toBeDefined()
        for (const each of stack.state)
          if (!stack.outputs.has(each)) expect(moved?.ledger[each]).toEqual(LEDGER)
        stack.outputs = new Set(stack.state)
        done(`deploy ${name}`)
      },
      probe: async () => done(`probe ${name}`),
      protect: async (urns) => {
        for (const urn of urns) isProtected.add(urn)
        done('protect')
      },
      forget: async (urns) => {
        for (const urn of urns) stack.state.delete(urn.replace('urn:', ''))
        done('forget')
      },
    }
  }
  let now = Date.parse(BEGUN)
  const ports: MovePorts = {
    source: port('dev'),
    target: port('prod'),
    moveState: async (urns) => {
      for (const urn of urns) {
        expect(isProtected).toContain(`${urn}-object`)
        stacks.prod.state.add(urn.replace('urn:', ''))
      }
      done('move into the target')
      for (const urn of urns) stacks.dev.state.delete(urn.replace('urn:', ''))
      done('move out of the source')
    },
    movedFiles: () => ({ 'Pulumi.dev.yaml': { was: 'x', content: 'y' } }),
    writeFiles: () => {
      stacks.dev.declared.delete('files')
      stacks.prod.declared.add('files')
      done('files')
    },
    record: {
      read: () => record,
      write: (content) => {
        record = content
        done('record')
      },
      remove: () => {
        record = undefined
        done('remove')
      },
    },
    now: () => new Date(now),
    note: () => {},
  }
  const run = (kill?: string, names = ['files'], dryRun = false) => {
    failAt = kill
    // The next run may be days later.
    if (record) now += 86_400_000
    return move({ names, source: 'dev', target: 'prod', ...(dryRun && { dryRun }) }, ports)
  }
  return { stacks, log, run, record: () => record, ports }
}

const STEPS = [
  'record',
  'probe prod',
  'protect',
  'move into the target',
  'move out of the source',
  'files',
  'deploy prod',
  'deploy dev',
  'remove',
]

describe('move', () => {
  it('takes one step after the other', async () => {
    const { run, log, stacks, record } = world()
    const report = await run()
    expect(log).toEqual(STEPS)
    expect(stacks.dev).toEqual({
      state: new Set(['mail']),
      outputs: new Set(['mail']),
      declared: new Set(['mail']),
    })
    expect(stacks.prod.outputs).toEqual(new Set(['other', 'files']))
    expect(record()).toBeUndefined()
    expect(report).toMatchObject({ dryRun: false, entries: [{ name: 'files', objects: 1 }] })
  })

  it.each(STEPS.slice(0, -1))('is continued when it was killed after: %s', async (step) => {
    const { run, stacks, record } = world()
    await expect(run(step)).rejects.toThrow('killed')
    await run()
    expect(stacks.dev.state).toEqual(new Set(['mail']))
    expect(stacks.prod.outputs).toEqual(new Set(['other', 'files']))
    expect(record()).toBeUndefined()
  })

  it('begins anew when nothing was moved before, and keeps the moment of its beginning from then on', async () => {
    const { run, record } = world()
    await expect(run('record')).rejects.toThrow('killed')
    await expect(run('move into the target')).rejects.toThrow('killed')
    expect(record()?.at).toBe('2026-01-02T00:00:00Z')
    await expect(run('deploy prod')).rejects.toThrow('killed')
    expect(record()?.at).toBe('2026-01-02T00:00:00Z')
  })

  it('leaves no record when nothing was moved, and keeps it from then on', async () => {
    const { run, record } = world()
    await expect(run('protect')).rejects.toThrow('killed')
    expect(record()).toBeUndefined()
    await expect(run('move into the target')).rejects.toThrow('killed')
    expect(record()).toMatchObject({ names: ['files'], source: 'dev', target: 'prod' })
    await expect(run(undefined, ['mail'])).rejects.toMatchObject({
      code: 'BAD_OPTIONS',
      message: expect.stringContaining('move files --stack dev --to prod'),
    })
  })

  it('writes nothing with dryRun', async () => {
    const { run, log } = world()
    expect(await run(undefined, ['files'], true)).toMatchObject({
      dryRun: true,
      files: [{ file: 'Pulumi.dev.yaml', content: 'y' }],
    })
    expect(log).toEqual([])
  })

  it('refuses while a stack has changes of its own', async () => {
    const { run, log } = world({ changes: ['update mail'] })
    await expect(run()).rejects.toMatchObject({
      code: 'OTHER_CHANGES',
      exitCode: 1,
      message: expect.stringContaining('update t mail'),
    })
    expect(log).toEqual([])
  })

  it('does not take an entry with other objects in the target for a copy', async () => {
    const { run, ports, stacks } = world()
    await expect(run('move into the target')).rejects.toThrow('killed')
    const { read } = ports.target
    Object.assign(ports.target, {
      read: async () => {
        const stack = await read()
        const other = { ...entry('files'), objects: [{ urn: 'urn:files-object', type: 'x', id: 'other' }] }
        return { ...stack, state: { ...stack.state, entries: new Map([['files', other]]) } }
      },
    })
    await expect(run()).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    expect(stacks.dev.state).toContain('files')
  })

  it('deploys no stack that declares nothing any more', async () => {
    const { run, stacks, log } = world()
    stacks.dev.declared.delete('mail')
    stacks.dev.state.delete('mail')
    await run()
    expect(log).not.toContain('deploy dev')
  })
})
