import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adoptCommand } from '../../../scripts/commands/adopt.ts'
import { report } from '../../../scripts/commands/report.ts'
import { rotateCommand } from '../../../scripts/commands/rotate.ts'
import { up } from '../../../scripts/commands/up.ts'
import { verify } from '../../../scripts/commands/verify.ts'
import { recordingTerminal } from '../../support/terminal.ts'

/** Building an engine takes minutes. */
const openWorkspace = async () => {
  throw new Error('the engine was asked for')
}
const terminal = recordingTerminal()
const context = { openWorkspace, projectDir: join(tmpdir(), 'nowhere'), env: {}, terminal }

describe('wrong options are refused before an engine is looked for', () => {
  it.each([
    [
      'rotate',
      '--now and --retire exclude each other',
      () => rotateCommand({ now: true, retire: true }, context),
    ],
    ['rotate', '--deadline: "soon" is not a time', () => rotateCommand({ deadline: 'soon' }, context)],
    ['report', '--fail-within: "soon" is not a duration', () => report({ failWithin: 'soon' }, context)],
    ['adopt', '--client-id: "42" is not a GUID', () => adoptCommand({ clientId: '42' }, context)],
    [
      'up',
      '--policy-pack-config needs --policy-pack',
      () => up(openWorkspace, { policyPackConfig: 'x.json' }, terminal, new AbortController().signal),
    ],
    [
      'verify',
      '--deadline: "soon" is not a time',
      () => verify(openWorkspace, { deadline: 'soon' }, {}, terminal),
    ],
  ])('%s: %s', async (_, message, command) => {
    await expect(command()).rejects.toMatchObject({
      code: 'BAD_OPTIONS',
      message: expect.stringContaining(message),
    })
  })
})
