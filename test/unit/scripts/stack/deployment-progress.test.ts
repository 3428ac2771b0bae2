import { describe, expect, it } from 'vitest'
import { DeploymentProgress } from '../../../../scripts/stack/deployment-progress.ts'
import { readEngineEvent } from '../../../../scripts/stack/engine-events.ts'

const COMPONENT = 'entra-apps:index:AppRegistration'
const OBJECT = 'azuread:index/servicePrincipal:ServicePrincipal'

describe('the progress of a deployment', () => {
  const start = ({ watched = false } = {}) => {
    const said: string[] = []
    let now = 0
    const say = (text: string) => void said.push(text)
    const terminal = watched ? { note: say, status: say } : { note: say }
    const progress = new DeploymentProgress(terminal, () => now)
    const event = (kind: string, type: string, name: string) => {
      const types = type === COMPONENT ? type : `${COMPONENT}$${type}`
      const urn = `urn:pulumi:s::p::${types}::${name}`
      const created = { urn, custom: type === OBJECT, inputs: {}, outputs: {} }
      const read = readEngineEvent(
        JSON.stringify({ [kind]: { metadata: { op: 'create', urn, old: null, new: created } } }),
      )
      progress.take(read ?? expect.unreachable())
    }
    return {
      said,
      progress,
      begin: (type: string, name: string) => event('resourcePreEvent', type, name),
      end: (type: string, name: string) => event('resOutputsEvent', type, name),
      fail: (type: string, name: string) => event('resOpFailedEvent', type, name),
      later: (ms: number) => {
        now += ms
        progress.show()
      },
    }
  }

  it('counts applications and objects, and names what takes long', () => {
    const { progress, begin, end, later } = start()
    for (const name of ['one', 'two']) {
      begin(COMPONENT, name)
      begin(OBJECT, name)
    }
    end(OBJECT, 'one')
    end(COMPONENT, 'one')
    later(2000)
    expect(progress.describe()).toBe('1 of 2 applications done; objects: 1 done, 1 under way; 2 s')
    later(18_000)
    expect(progress.describe()).toBe(
      '1 of 2 applications done; objects: 1 done, 1 under way; 20 s; ServicePrincipal two takes 20 s so far',
    )
  })

  it('counts neither the stack, which takes as long as everything, nor what failed', () => {
    const { progress, begin, fail, later } = start()
    begin('pulumi:pulumi:Stack', 'entra-apps-s')
    begin(OBJECT, 'one')
    fail(OBJECT, 'one')
    later(30_000)
    expect(progress.describe()).toBe('0 of 0 applications done; objects: 0 done, 0 under way; 30 s')
  })

  it('says nothing of a short one, and a line every 15 seconds where nobody watches', () => {
    const { said, progress, later } = start()
    for (let i = 0; i < 14; i++) later(1000)
    expect(said).toEqual([])
    for (let i = 0; i < 31; i++) later(1000)
    expect(said.map((line) => line.match(/\d+ s$/)?.[0])).toEqual(['15 s', '30 s', '45 s'])
    progress.stop()
    expect(said).toHaveLength(3)
  })

  it('keeps a live line where a person watches, and takes it away', () => {
    const { said, progress, later } = start({ watched: true })
    later(1000)
    later(1000)
    progress.stop()
    expect(said.map((line) => line.match(/\d+ s$/)?.[0] ?? line)).toEqual(['1 s', '2 s', ''])
  })
})
