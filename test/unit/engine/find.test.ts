import { chmodSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { contextOf } from '../../../engine/context.ts'
import { findPulumi, OLDEST_PULUMI } from '../../../engine/find.ts'
import { type Sandbox, sandbox } from './sandbox.ts'

const find = ({ cacheDir, env }: Sandbox) => findPulumi(contextOf({ cacheDir, env }))

test('the pulumi on PATH is used when it is new enough and has its Node language host beside it', async () => {
  const machine = sandbox()
  const command = machine.tool('pulumi', 'echo v3.274.1')
  machine.tool('pulumi-language-nodejs', '')
  expect(await find(machine)).toEqual({ command, version: '3.274.1' })
})

test('the oldest version is still good', async () => {
  const machine = sandbox()
  machine.tool('pulumi', `echo v${OLDEST_PULUMI}`)
  machine.tool('pulumi-language-nodejs', '')
  expect(await find(machine)).toMatchObject({ version: OLDEST_PULUMI })
})

test('the language host may lie beside the file that a linked pulumi points at', async () => {
  const machine = sandbox()
  const cellar = join(machine.home, 'cellar')
  machine.tool('pulumi-language-nodejs', '', cellar)
  const command = join(machine.bin, 'pulumi')
  symlinkSync(machine.tool('pulumi', 'echo v3.274.1', cellar), command)
  expect(await find(machine)).toEqual({ command, version: '3.274.1' })
})

test('the language host may lie elsewhere on PATH', async () => {
  const machine = sandbox()
  const other = join(machine.home, 'other')
  machine.tool('pulumi', 'echo v3.274.1')
  machine.tool('pulumi-language-nodejs', '', other)
  expect(await find(machine)).toMatchObject({ reason: expect.stringContaining('no pulumi-language-nodejs') })
  machine.env['PATH'] += delimiter + other
  expect(await find(machine)).toMatchObject({ version: '3.274.1' })
})

test('a pulumi in node_modules/.bin is not the CLI', async () => {
  const machine = sandbox()
  const npm = join(machine.home, 'project', 'node_modules', '.bin')
  machine.tool('pulumi', 'echo v3.999.0', npm)
  machine.tool('pulumi-language-nodejs', '', npm)
  machine.env['PATH'] = npm + delimiter + machine.bin
  expect(await find(machine)).toEqual({ reason: 'no pulumi on PATH' })
})

test.each([
  [
    'older than the oldest',
    'echo v3.199.9',
    { tooOld: true, reason: `3.199.9, older than ${OLDEST_PULUMI}` },
  ],
  ['another major version', 'echo v4.0.0', { reason: 'only 3.x is known to work' }],
  ['no version', 'echo hello', { reason: 'answers "hello" instead of a version' }],
  ['a failing one', 'echo broken >&2; exit 3', { reason: 'does not run (broken)' }],
  ['a silent failing one', 'exit 3', { reason: 'does not run (exit code 3)' }],
])('%s is passed over with its reason', async (_, script, { reason, ...rest }) => {
  const machine = sandbox()
  const command = machine.tool('pulumi', script)
  machine.tool('pulumi-language-nodejs', '')
  const found = await find(machine)
  expect(found).toMatchObject({ reason: expect.stringContaining(reason), ...rest })
  expect(found).toMatchObject({ reason: expect.stringContaining(command) })
})

test('a file that is not executable is not a CLI', async () => {
  const machine = sandbox()
  chmodSync(machine.tool('pulumi', 'echo v3.274.1'), 0o644)
  expect(await find(machine)).toEqual({ reason: 'no pulumi on PATH' })
})
