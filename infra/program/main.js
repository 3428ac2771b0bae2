// Plain JavaScript on purpose: an old Node must get as far as the sentence that says so.
import { requireNode } from '../../engine/node-version.js'

requireNode(import.meta.url)

const { default: pulumi } = await import('@pulumi/pulumi')
const { endWithEngine } = await import('./engine-watch.ts')
const { quietRuntime } = await import('./quiet-runtime.ts')

quietRuntime(pulumi, process.env)

endWithEngine(engineAddress())

const program = await import('./index.ts').catch((error) => {
  // A mistake that explains itself: Pulumi shows the message of a RunError alone, and of anything else the stack trace.
  throw 'code' in error ? new pulumi.RunError(error.message) : error
})

export const apps = program.apps
export const identities = program.identities
export const secretValues = program.secretValues
export const ledger = program.ledger
export const deletedApps = program.deletedApps

/** `host:port` of the engine, from the connection to it: the runtime publishes the address nowhere else. */
function engineAddress() {
  const engine = /** @type {import('@grpc/grpc-js').Client | undefined} */ (
    /** @type {unknown} */ (pulumi.runtime.getEngine())
  )
  return engine?.getChannel().getTarget().replace(/^dns:/, '')
}
