import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FILE_MANAGER, openStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await stage.declare({ 'file-manager': FILE_MANAGER })
})
afterAll(() => stage.close())

describe('a tenant on a bad day', () => {
  it('is brought to what is declared, and once only', async () => {
    const { control } = stage.tenant
    control.run({
      lag: { everywhere: '10s', objects: 0, references: 0 },
      faults: [
        { effect: 'throttle', retryAfter: '1s', on: { service: 'graph' }, probability: 0.2, seed: 5 },
        { effect: 'unavailable', on: { service: 'graph', method: 'POST' }, times: 2 },
      ],
    })
    const up = await stage.pulumi('up', '--yes', '--skip-preview')
    expect(up.code, up.output).toBe(0)
    const hits = control.faults().map((fault) => fault.hits)
    expect(Math.min(...hits), 'each fault has struck').toBeGreaterThan(0)
    control.run({})
    const made = control
      .snapshot()
      .entities.flatMap(([set, , data]) => (set === 'applications' ? [data['displayName']] : []))
    expect(made.sort()).toEqual(['Deployer', 'FileManager'])
    const again = await stage.pulumi('preview', '--expect-no-changes')
    expect(again.code, again.output).toBe(0)
  })
})
