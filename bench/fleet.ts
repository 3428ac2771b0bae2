import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import type { BackendKind } from '../test/support/backends/index.ts'
import { FILE_MANAGER, type Stage, type StageOptions } from '../test/support/stage.ts'
import { checkOut } from './checkout.ts'
import { type Figure, seconds } from './figure.ts'
import { type Cost, measure } from './measure.ts'

/** What is measured: each back end with each number of processes and of stacks. */
export interface FleetSizes {
  readonly stacks: readonly number[]
  /** Of each stack. */
  readonly applications: number
  /** Of each stack, to rotate. */
  readonly secrets: number
  /** Processes at a time. */
  readonly parallel: readonly number[]
  readonly backends: readonly BackendKind[]
  /** Writes that the tenant lets pass in {@link QUOTA_SPAN}. */
  readonly writes: number
}

/** What Graph lets one application write in one tenant, per {@link QUOTA_SPAN} ("Microsoft Graph service-specific throttling limits"). */
export const PUBLISHED_WRITES = 3000
const QUOTA_SPAN = '150s'

/** Name of the secrets that are rotated; every other one is called as in the declaration that the bench takes. */
const ROTATED = 'rotated'

type Step = 'first' | 'no change' | 'rotate'
type StepCost = Cost & { readonly throttled: number }
type Costs = ReadonlyMap<Step, StepCost>

interface Case {
  readonly stacks: number
  readonly parallel: number
  readonly backend: BackendKind
}

/**
 * Many stacks of one project and one tenant, by our own commands for several stacks. CPU time, requests and the exponent of
 * their growth are what to compare; the load of the machine stands beside the time by the clock.
 *
 * @param beside a commit to measure in turn with this checkout
 */
export async function* benchFleet(dir: string, sizes: FleetSizes, beside?: string): AsyncGenerator<Figure> {
  const checkout = beside === undefined ? undefined : checkOut(beside, join(dir, 'beside-fleet'))
  const here = resolve(import.meta.dirname, '..')
  try {
    for (const backend of sizes.backends) {
      for (const parallel of sizes.parallel) {
        const bySize = new Map<number, Costs>()
        for (const stacks of sizes.stacks) {
          const which = { stacks, parallel, backend }
          const title = `${backend}, ${stacks} × ${sizes.applications} apps, ${parallel} at a time`
          const before = new Map<Step, StepCost>()
          if (checkout) {
            for await (const [step, cost] of live(checkout.dir, which, sizes)) before.set(step, cost)
          }
          const costs = new Map<Step, StepCost>()
          bySize.set(stacks, costs)
          for await (const [step, cost] of live(here, which, sizes)) {
            costs.set(step, cost)
            const parts = step === 'rotate' ? sizes.secrets : sizes.applications
            const value = describe(cost, stacks * parts, before.get(step))
            yield { name: `fleet: ${title}, ${step}`, value: `${value}, load ${loadavg()[0]?.toFixed(1)}` }
          }
        }
        yield* growth(`fleet: ${backend}, ${parallel} at a time, growth`, bySize)
      }
    }
  } finally {
    checkout?.remove()
  }
}

/**
 * Tells the cost of each step as soon as it is known: all of them may take an hour.
 *
 * @param root the checkout whose commands, program and plugin are used
 */
async function* live(root: string, which: Case, sizes: FleetSizes): AsyncGenerator<[Step, StepCost]> {
  const { openStage } = (await import(join(root, 'test/support/stage.ts'))) as {
    openStage: (options: StageOptions) => Promise<Stage>
  }
  const stage = await openStage({ backend: which.backend })
  let requests = 0
  stage.beforeAnswers(() => {
    requests += 1
  })
  try {
    await declareStacks(stage, which.stacks, sizes)
    const quota = { requests: sizes.writes, per: QUOTA_SPAN }
    const on = { service: 'graph' as const, method: ['POST', 'PATCH', 'PUT', 'DELETE'] }
    const { control } = stage.tenant
    control.addFault({ effect: 'throttle', on, quota })
    const throttled = () => control.faults()[0]?.hits ?? 0
    const step = async (...args: string[]) => {
      const before = throttled()
      const selection = ['--stacks', 'fleet-*', '--parallel', String(which.parallel)]
      const cost = await measure(
        () => requests,
        async () => {
          const { code, output } = await stage.cli(...args, ...selection)
          if (code !== 0) throw new Error(`${args.join(' ')} failed:\n${output}\n${endsOfLogs(output)}`)
        },
      )
      return { ...cost, throttled: throttled() - before }
    }
    yield ['first', await step('up')]
    yield ['no change', await step('up')]
    yield ['rotate', await step('rotate', '--now', '--secret', ROTATED, '--successes', '1')]
  } finally {
    await stage.close()
  }
}

/** What the logs of failed stacks say in the end: they go with the stage. */
function endsOfLogs(output: string): string {
  return [...output.matchAll(/^ +log: (.+)$/gm)]
    .map(([, log]) => `${log}:\n${readFileSync(log ?? '', 'utf8').slice(-2000)}`)
    .join('\n')
}

async function declareStacks(stage: Stage, stacks: number, sizes: FleetSizes): Promise<void> {
  for (let n = 1; n <= stacks; n++) {
    const stack = `fleet-${String(n).padStart(3, '0')}`
    const { code, output } = await stage.pulumi('stack', 'init', stack)
    if (code !== 0) throw new Error(`stack init failed:\n${output}`)
    const file = join(stage.dir, `Pulumi.${stack}.yaml`)
    const settings = parse(await readFile(file, 'utf8')) as object
    const config = { 'entra-apps:apps': applications(stack, sizes) }
    await writeFile(file, stringify({ ...settings, config }))
  }
}

function applications(stack: string, { applications: size, secrets }: FleetSizes) {
  const { onedrive } = FILE_MANAGER.secrets ?? {}
  return Object.fromEntries(
    Array.from({ length: size }, (_, i) => [
      `app-${i}`,
      {
        ...FILE_MANAGER,
        displayName: `${stack} ${i}`,
        secrets: { [i < secrets ? ROTATED : 'onedrive']: onedrive },
      },
    ]),
  )
}

/**
 * How costs grow with the number of stacks, as the exponent from the fewest to the most: 1 is linear.
 */
function* growth(name: string, bySize: ReadonlyMap<number, Costs>): Generator<Figure> {
  const sizes = [...bySize.keys()].sort((a, b) => a - b)
  const [fewest = 0, most = 0] = [sizes[0], sizes.at(-1)]
  const [small, large] = [bySize.get(fewest), bySize.get(most)]
  if (fewest === most || !small || !large) return
  for (const [step, cost] of small) {
    const larger = large.get(step)
    if (!larger) continue
    const exponent = (of: (cost: Cost) => number) =>
      (Math.log(of(larger) / of(cost)) / Math.log(most / fewest)).toFixed(2)
    const value = `CPU ${exponent(({ cpuMs }) => cpuMs)}, requests ${exponent((each) => each.requests)}, time ${exponent(({ ms }) => ms)}`
    yield { name: `${name} from ${fewest} to ${most}, ${step}`, value: `exponent of ${value}` }
  }
}

/**
 * @param parts applications, or secrets that were rotated
 * @param before the same of an older commit
 */
function describe(cost: StepCost, parts: number, before?: Cost): string {
  const { ms, cpuMs, backEndMs, requests, throttled, megabytes } = cost
  const memory = ['engine', 'program', 'plugin'].map((part) => `${part} ${Math.round(megabytes[part] ?? 0)}`)
  return [
    `${seconds(ms)} (${(ms / 1000 / parts).toFixed(3)} each)`,
    `CPU ${seconds(cpuMs)} (${(cpuMs / 1000 / parts).toFixed(3)} each)`,
    `back end CPU ${seconds(backEndMs)}`,
    `${requests} requests (${(requests / parts).toFixed(1)} each), ${throttled} throttled`,
    `peak MB ${memory.join(' ')}`,
    ...(before ? [`ratio ${(ms / before.ms).toFixed(2)}, CPU ${(cpuMs / before.cpuMs).toFixed(2)}`] : []),
  ].join(', ')
}
