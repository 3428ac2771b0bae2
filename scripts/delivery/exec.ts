import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ExecDeclaration } from '../../infra/declaration/schema/delivery.ts'
import { Mask } from '../lib/mask.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import { DeliveryError, type DeliveryTarget, reasonOf } from './target.ts'

/** What a command may say about a failure, in characters. */
const SHOWN_OUTPUT = 2000

/** What of it is kept until then. */
const KEPT_OUTPUT = 65_536

/**
 * A command that delivers, for every place that has no target of its own. It is given one JSON object on standard
 * input (`app`, `secret`, `kind`, `generation`, `tenantId`, `clientId`, `keyId`, `endDate`, `value`) and confirms by exit code 0. What it
 * says on standard error is shown when it fails, without the value should it repeat it.
 *
 * @param cwd the project directory
 * @param env the whole environment of the command
 */
export function execTarget(
  id: string,
  { command }: ExecDeclaration,
  cwd: string,
  env: NodeJS.ProcessEnv,
): DeliveryTarget {
  const [program = '', ...args] = command
  return {
    id,
    async deliver(delivery) {
      let started = false
      try {
        const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'ignore', 'pipe'] })
        child.once('spawn', () => {
          started = true
        })
        // A command that does not read its input closes the pipe early; its exit code decides, not that.
        child.stdin.on('error', () => {})
        child.stdin.end(JSON.stringify(delivery))
        let said = ''
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(-KEPT_OUTPUT)
        })
        const [code, signal] = await once(child, 'close')
        if (code === 0) return {}
        const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`
        const output = shown(said, [delivery.value, ...secretsIn(env)])
        throw new Error(output ? `the command ${how}: ${output}` : `the command ${how}`)
      } catch (error) {
        throw new DeliveryError(id, reasonOf(error), { exposed: started, cause: error })
      }
    },
    holds: async () => 'unknown',
  }
}

/** The end of what a command said; without secrets before it is cut, so that no part of one is left at the edge. */
function shown(said: string, secrets: readonly string[]): string {
  const mask = new Mask()
  mask.add(...secrets)
  const whole = said.length < KEPT_OUTPUT ? said : said.replace(/^\S*/, '')
  return mask.apply(whole.trim()).slice(-SHOWN_OUTPUT)
}
