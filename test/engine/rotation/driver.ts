/**
 * A rotation run as a process of its own, for tests that kill it: `node driver.ts DIR CLOCK_AHEAD_MS KILL_AT`.
 *
 * It kills itself at the named moment, as hard as a machine that loses power would; `-` never. Each moment it passes is
 * a line on standard output, so that a test can also kill what runs below it.
 */
import { Mask } from '../../../scripts/lib/mask.ts'
import { processTerminal } from '../../../scripts/lib/terminal.ts'
import { openWorkspace } from '../../../scripts/lib/workspace.ts'
import { openRotation } from '../../../scripts/rotation/open-ports.ts'
import type { RotationPorts } from '../../../scripts/rotation/ports.ts'
import { plan, rotate } from '../../../scripts/rotation/rotate.ts'

const [projectDir = '', ahead = '0', killAt = '-'] = process.argv.slice(2)

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
  mask: new Mask(),
  wait: { successes: 1, firstDelayMs: 50, deadlineMs: 60_000 },
  now: () => new Date(Date.now() + Number(ahead)),
})
const watched = watch(ports)
const report = await rotate(await plan({ mode: 'due' }, watched), watched)
console.log(JSON.stringify(report))
process.exitCode = report.ok ? 0 : 1

function moment(name: string): void {
  console.log(`@ ${name}`)
  if (name === killAt) process.kill(process.pid, 'SIGKILL')
}

function watch(opened: RotationPorts): RotationPorts {
  return {
    ...opened,
    stack: {
      ...opened.stack,
      deploy: async (intent) => {
        const what = intent.steps[0]?.do
        moment(`before ${what}`)
        await opened.stack.deploy(intent)
        moment(`after ${what}`)
      },
    },
    prove: async (target) => {
      const proof = await opened.prove(target)
      moment('after proof')
      return proof
    },
    proveRefused: async (target) => {
      const proof = await opened.proveRefused(target)
      moment('after refusal')
      return proof
    },
    openTarget: (declaration) => {
      const target = opened.openTarget(declaration)
      return {
        ...target,
        deliver: async (delivery) => {
          const receipt = await target.deliver(delivery)
          moment(`after ${target.id}`)
          return receipt
        },
      }
    },
  }
}
