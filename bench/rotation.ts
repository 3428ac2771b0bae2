import type { Ledger } from '../infra/rotation/generation.ts'
import { advanceLedger } from '../infra/rotation/ledger.ts'
import { planRotation } from '../infra/rotation/plan.ts'
import type { Policies } from '../infra/rotation/policy.ts'
import { FILE_MANAGER, openStage, type Stage } from '../test/support/stage.ts'
import { daysAfter, MONTHLY, START } from '../test/unit/infra/rotation/support.ts'
import { type Figure, seconds } from './figure.ts'

const SECRETS = 10_000

/** The rules alone for many secrets, and whole runs of the command with the real engine. */
export async function* benchRotation(): AsyncGenerator<Figure> {
  const policies: Policies = Object.fromEntries(
    Array.from({ length: SECRETS }, (_, i) => [`app-${i}`, { main: MONTHLY }]),
  )
  const first = timed(() => advanceLedger({}, policies, [], START).ledger)
  yield { name: `rotation: ledger of ${SECRETS} secrets, first deployment`, value: seconds(first.ms) }
  const ledger: Ledger = first.result
  const plan = timed(() => planRotation(ledger, policies, { mode: 'due' }, daysAfter(31)))
  yield { name: `rotation: plan for ${SECRETS} secrets that are due`, value: seconds(plan.ms) }

  const stage = await openStage()
  try {
    await stage.declare({
      'file-manager': {
        ...FILE_MANAGER,
        secrets: {
          main: {
            displayName: 'Main',
            lifetime: '90d',
            deliver: [{ dotenv: { file: '.env', variable: 'CLIENT_SECRET' } }],
          },
        },
      },
    })
    await run(stage, 'up')
    yield { name: 'rotate: nothing due but the first delivery', value: seconds(await run(stage, 'rotate')) }
    yield { name: 'rotate: nothing to do', value: seconds(await run(stage, 'rotate')) }
    const before = stage.tenant.requests().length
    const ms = await run(stage, 'rotate', '--now', '--successes', '1')
    yield { name: 'rotate: issue, prove, deliver, promote one secret', value: seconds(ms) }
    const requests = stage.tenant.requests().length - before
    yield { name: 'rotate: requests to the tenant for that', value: String(requests) }
  } finally {
    await stage.close()
  }
}

async function run(stage: Stage, ...args: string[]): Promise<number> {
  const start = performance.now()
  const ended = await stage.cli(...args)
  if (ended.code !== 0) throw new Error(`${args.join(' ')} failed:\n${ended.output}`)
  return performance.now() - start
}

function timed<T>(work: () => T): { result: T; ms: number } {
  const start = performance.now()
  return { result: work(), ms: performance.now() - start }
}
