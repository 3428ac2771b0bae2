import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FILE_MANAGER, openStage, type Stage } from '../support/stage.ts'

const official = process.env['ENTRA_APPS_AZUREAD_PLUGIN']

/**
 * A state file is exchangeable between the official azuread plugin and the one of this repository: neither sees a
 * change in what the other made. Runs where ENTRA_APPS_AZUREAD_PLUGIN names an official plugin.
 */
describe.skipIf(!official)('the plugins are exchangeable', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
    await stage.declare({ 'file-manager': FILE_MANAGER })
  })
  afterEach(() => stage.close())

  it.each([
    ['official first', official, undefined],
    ['official second', undefined, official],
  ])('%s', async (_, first, second) => {
    const succeed = async (plugin: string | undefined, ...args: string[]) => {
      const ended = await stage.pulumiWithPlugin(plugin, ...args)
      expect(ended.code, ended.output).toBe(0)
    }
    await succeed(first, 'up', '--yes')
    await succeed(second, 'up', '--yes', '--expect-no-changes')
    await succeed(second, 'refresh', '--yes', '--expect-no-changes')
    await succeed(first, 'refresh', '--yes', '--expect-no-changes')
    await succeed(first, 'up', '--yes', '--expect-no-changes')
    await succeed(second, 'destroy', '--yes')
  })
})
