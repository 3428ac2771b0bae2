// Plain JavaScript on purpose: an old Node must get as far as the sentence that says so.
import { requireNode } from '../engine/node-version.js'

requireNode()

const program = await import('./index.ts')

export const apps = program.apps
export const secretValues = program.secretValues
export const ledger = program.ledger
