import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, REPOSITORY, type Stage } from '../support/stage.ts'

const EXAMPLES = ['daemon', 'people', 'api-and-clients', 'no-secret']

describe.sequential('the examples', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    for (const example of EXAMPLES) {
      await cp(join(REPOSITORY, 'examples', example, 'apps'), join(stage.dir, 'apps'), { recursive: true })
    }
  })
  afterAll(() => stage?.close())

  it('come up, and a second run changes nothing', async () => {
    const first = await stage.cli('up')
    expect(first.code, first.output).toBe(0)
    const second = await stage.pulumi('up', '--yes', '--expect-no-changes')
    expect(second.code, second.output).toBe(0)
  })

  it('are proved', async () => {
    const ended = await stage.cli('verify')
    expect(ended.code, ended.output).toBe(0)
  })
})
