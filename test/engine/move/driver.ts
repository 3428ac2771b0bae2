/**
 * A move as a process of its own, for tests that kill it: `node driver.ts DIR SOURCE TARGET KILL_AT NAME…`. It kills itself
 * after the step that fits the pattern, as hard as a machine that loses power would; `$^` never fits.
 */
import { processTerminal } from '../../../scripts/lib/terminal.ts'
import { type MovePorts, move, type StackPort } from '../../../scripts/move/move.ts'
import { openMove } from '../../../scripts/move/open-ports.ts'
import { openWorkspace } from '../../../scripts/stack/workspace.ts'

const [projectDir = '', source = '', target = '', killAt = '$^', ...names] = process.argv.slice(2)

function after<Args extends unknown[], Result>(step: string, work: (...args: Args) => Result) {
  return (...args: Args): Result => {
    const done = work(...args)
    const check = () => {
      if (new RegExp(killAt).test(step)) process.kill(process.pid, 'SIGKILL')
    }
    if (done instanceof Promise) return done.finally(check) as Result
    check()
    return done
  }
}

const stack = (name: string, port: StackPort): StackPort => ({
  ...port,
  deploy: after(`deploy ${name}`, port.deploy),
  protect: after('protect', port.protect),
  forget: after('forget', port.forget),
})

const terminal = processTerminal()
const { signal } = new AbortController()
const { pulumi } = await openWorkspace({ projectDir, env: process.env, terminal, signal })
const opened = openMove({ pulumi, projectDir, env: process.env, source, target, note: terminal.note })
const ports: MovePorts = {
  ...opened,
  source: stack('source', opened.source),
  target: stack('target', opened.target),
  moveState: after('moveState', opened.moveState),
  writeFiles: after('writeFiles', opened.writeFiles),
  record: { ...opened.record, write: after('record', opened.record.write) },
}
await move({ names, source, target }, ports)
