/**
 * A retirement as a process of its own, for tests that kill it: `node driver.ts DIR CLOCK_AHEAD_MS KILL_AT MODE`, where the
 * mode is `retire APP` or `cancel APP`. Whether somebody uses the application does not matter to it.
 *
 * It kills itself at the moment that fits the pattern, as hard as a machine that loses power would; `$^` never fits. Each
 * moment it passes is a line on standard output, so that a test can also kill what runs below it.
 */
import { processTerminal } from '../../../scripts/lib/terminal.ts'
import { cancelRetirement, type RetirementPorts, retire } from '../../../scripts/retirement/retire.ts'
import { openRotation } from '../../../scripts/rotation/open-ports.ts'
import { openWorkspace } from '../../../scripts/stack/workspace.ts'

const [projectDir = '', ahead = '0', killAt = '$^', mode = ''] = process.argv.slice(2)
const [action, app = ''] = mode.split(' ')

function pass(moment: string): void {
  console.log(`@ ${moment}`)
  if (new RegExp(killAt).test(moment)) process.kill(process.pid, 'SIGKILL')
}

function watched<Args extends unknown[]>(step: string, work: (...args: Args) => Promise<void>) {
  return async (...args: Args): Promise<void> => {
    pass(`before ${step}`)
    await work(...args)
    pass(`after ${step}`)
  }
}

const terminal = processTerminal()
const { signal } = new AbortController()
const { pulumi } = await openWorkspace({ projectDir, env: process.env, terminal, signal })
const { stack, reader } = await openRotation({ pulumi, projectDir, env: process.env, terminal })
const ports: RetirementPorts = {
  stack: {
    declared: () => stack.declared(),
    rotated: () => stack.rotated(),
    isDeclaredInFiles: () => stack.isDeclaredInFiles(),
    outputs: (options) => stack.outputs(options),
    state: () => stack.state(),
    set: watched('set', (path, value) => stack.set(path, value)),
    unprotect: watched('unprotect', (name) => stack.unprotect(name)),
    deploy: watched('deploy', (intent) => stack.deploy(intent)),
  },
  reader: reader(),
  now: () => new Date(Date.now() + Number(ahead)),
  note: terminal.note,
}
const report =
  action === 'cancel'
    ? await cancelRetirement(app, ports)
    : await retire(app, { unusedForMs: 0, force: true }, ports)
console.log(`phase: ${report.phase}, did: ${report.did}, refusals: ${report.refusals.length}`)
