import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../../scripts/cli.ts'
import { adoptCommand } from '../../../scripts/commands/adopt.ts'
import { moveCommand } from '../../../scripts/commands/move.ts'
import { report } from '../../../scripts/commands/report.ts'
import { rotateCommand } from '../../../scripts/commands/rotate.ts'
import { up } from '../../../scripts/commands/up.ts'
import { verify } from '../../../scripts/commands/verify.ts'
import { recordingTerminal } from '../../support/terminal.ts'

/** Building an engine takes minutes. */
const openWorkspace = async () => {
  throw new Error('the engine was asked for')
}
const NEVER = new AbortController().signal
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
    ['move', 'Say where to: --to <stack>', () => moveCommand({ app: ['a'] }, { ...context, signal: NEVER })],
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

describe('options of verify that would be ignored are refused', () => {
  it.each([
    ['--expect User.Read.All', '--expect can only stand beside --from-env.'],
    ['--probe x --changed-at y', '--probe, --changed-at can only stand beside --from-env.'],
    ['--from-env --live --stack dev', '--live, --stack cannot stand beside --from-env'],
    ['--from-env --fail-within 30d', '--fail-within cannot stand beside --from-env'],
  ])('%s', async (line, message) => {
    const program = buildProgram(terminal, () => {})
    await expect(
      program.parseAsync(['node', 'entra-apps', 'verify', ...line.split(' ')]),
    ).rejects.toMatchObject({ code: 'BAD_OPTIONS', message: expect.stringContaining(message) })
  })
})

describe('files that cannot be written are refused before the work starts', () => {
  it.each([
    'report --html',
    'report --markdown',
    'verify --junit',
    'verify --markdown',
    'inventory --html',
    'demo --year --html',
    'check --all-stacks --junit',
    'up --all-stacks --markdown',
  ])('%s', async (line) => {
    const program = buildProgram(terminal, () => {})
    const missing = join(tmpdir(), 'nowhere', 'a.xml')
    await expect(
      program.parseAsync(['node', 'entra-apps', ...line.split(' '), missing]),
    ).rejects.toMatchObject({
      code: 'BAD_OPTIONS',
      message: expect.stringContaining('there is no folder'),
    })
  })

  it('a folder', async () => {
    const program = buildProgram(terminal, () => {})
    await expect(
      program.parseAsync(['node', 'entra-apps', 'report', '--html', tmpdir()]),
    ).rejects.toMatchObject({ code: 'BAD_OPTIONS', message: expect.stringContaining('it is a folder') })
  })
})
