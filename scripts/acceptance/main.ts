/**
 * `npm run acceptance`: the main job on a real test tenant, and what it answers beside the local tenant.
 *
 *     npm run acceptance -- --tenant --compare     run, record, compare
 *     npm run acceptance -- --compare              compare an earlier recording
 *     npm run acceptance -- --sweep                delete what a broken run left
 */
import { parseArgs } from 'node:util'
import { EXIT } from '../lib/errors.ts'
import { interruptible } from '../lib/interrupt.ts'
import { processTerminal } from '../lib/terminal.ts'
import { acceptance } from './acceptance.ts'

const terminal = processTerminal()
try {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'boolean' },
      sweep: { type: 'boolean' },
      compare: { type: 'boolean' },
      yes: { type: 'boolean' },
      recording: { type: 'string', default: 'acceptance.json' },
      report: { type: 'string', default: 'acceptance.md' },
    },
  })
  process.exitCode = await interruptible((signal) =>
    acceptance(values, { env: process.env, terminal, signal }),
  )
} catch (error) {
  terminal.note(`error ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = EXIT.couldNotRun
}
