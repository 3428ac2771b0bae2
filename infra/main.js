// Plain JavaScript on purpose: an old Node must get as far as the sentence that says so.
import { requireNode } from '../engine/node-version.js'

requireNode()

const { default: pulumi } = await import('@pulumi/pulumi')

const program = await import('./index.ts').catch((error) => {
  // A mistake that explains itself: Pulumi shows the message of a RunError alone, and of anything else the stack trace.
  throw 'code' in error ? new pulumi.RunError(error.message) : error
})

export const apps = program.apps
export const secretValues = program.secretValues
export const ledger = program.ledger
