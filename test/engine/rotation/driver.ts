/**
 * A rotation run as a process of its own, for tests that kill it: `node driver.ts DIR CLOCK_AHEAD_MS KILL_AT MODE`.
 *
 * It kills itself at the moment that fits the pattern, as hard as a machine that loses power would; `$^` never fits. Each
 * moment it passes is a line on standard output, so that a test can also kill what runs below it.
 */
import type { RotationRequest } from '../../../infra/rotation/plan.ts'
import { processTerminal } from '../../../scripts/lib/terminal.ts'
import { watched } from '../../../scripts/rehearsal/watch.ts'
import { openRotation } from '../../../scripts/rotation/open-ports.ts'
import { plan, rotate } from '../../../scripts/rotation/rotate.ts'
import { openWorkspace } from '../../../scripts/stack/workspace.ts'

const [projectDir = '', ahead = '0', killAt = '$^', mode = 'due'] = process.argv.slice(2)

const terminal = processTerminal()
const { pulumi } = await openWorkspace({
  projectDir,
  env: process.env,
  terminal,
  signal: new AbortController().signal,
})
const { ports } = await openRotation({
  pulumi,
  projectDir,
  env: process.env,
  terminal,
  wait: { successes: 1, firstDelayMs: 50, deadlineMs: 60_000 },
  now: () => new Date(Date.now() + Number(ahead)),
})
const killable = watched(ports, (moment) => {
  console.log(`@ ${moment}`)
  if (new RegExp(killAt).test(moment)) process.kill(process.pid, 'SIGKILL')
})
const report = await rotate(await plan({ mode: mode as RotationRequest['mode'] }, killable), killable)
console.log(JSON.stringify(report))
process.exitCode = report.ok ? 0 : 1
