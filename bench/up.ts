import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Ended, Stage } from '../test/support/stage.ts'
import { applications } from './applications.ts'
import { checkOut } from './checkout.ts'
import { type Figure, seconds } from './figure.ts'
import { type Cost, measure } from './measure.ts'

/** A step of the life of a stack, in this order. */
const STEPS: Readonly<Record<string, (stage: Stage) => Promise<Ended>>> = {
  first: (stage) => stage.cli('up'),
  'no change': (stage) => stage.cli('up'),
  'rotate one secret': (stage) => stage.cli('rotate', '--now', '--app', 'app-0', '--successes', '1'),
  refresh: (stage) => stage.pulumi('refresh', ...UNATTENDED),
  destroy: (stage) => stage.pulumi('destroy', ...UNATTENDED),
}
const UNATTENDED = ['--yes', '--skip-preview', '--suppress-outputs', '--parallel', '32']

/** Costs of the steps, and the size of the state after the second one, in bytes. */
interface Life {
  readonly costs: Readonly<Record<string, Cost>>
  readonly state: number
}

/**
 * Stacks of several sizes through our own commands, with the plugin that is in use. Time depends on the machine; CPU time,
 * requests, bytes and the ratio to an older commit in the same run are what to compare.
 *
 * @param beside a commit to measure in turn with this checkout
 */
export async function* benchUp(
  dir: string,
  sizes: readonly number[],
  beside?: string,
): AsyncGenerator<Figure> {
  const checkout = beside === undefined ? undefined : checkOut(beside, join(dir, 'beside-up'))
  const here = resolve(import.meta.dirname, '..')
  try {
    for (const size of sizes) {
      const before = checkout && (await live(checkout.dir, size))
      const now = await live(here, size)
      for (const [step, cost] of Object.entries(now.costs)) {
        yield { name: `up: ${size} apps, ${step}`, value: describe(cost, before?.costs[step]) }
      }
      const ratio = before ? `, ${(now.state / before.state).toFixed(2)} of ${beside}` : ''
      yield {
        name: `up: ${size} apps, state per application`,
        value: `${(now.state / size / 1000).toFixed(1)} kB${ratio}`,
      }
    }
  } finally {
    checkout?.remove()
  }
}

/** @param root the checkout whose commands, program and plugin are used */
async function live(root: string, size: number): Promise<Life> {
  const { openStage } = (await import(join(root, 'test/support/stage.ts'))) as {
    openStage: () => Promise<Stage>
  }
  const stage = await openStage()
  const file = join(stage.dir, '.entra-apps/local/pulumi-state/.pulumi/stacks/entra-apps/test.json')
  try {
    await stage.declare(applications(size))
    const costs: Record<string, Cost> = {}
    let state = 0
    for (const [step, run] of Object.entries(STEPS)) {
      // What has consumers is protected (docs/decisions/0005-protect-what-has-consumers.md).
      if (step === 'destroy') await stage.pulumi('state', 'unprotect', '--all', '--yes')
      const requests = () => stage.tenant.requests().length
      costs[step] = await measure(requests, async () => succeeded(step, await run(stage)))
      if (step === 'no change') state = statSync(file).size
    }
    return { costs, state }
  } finally {
    await stage.close()
  }
}

function succeeded(step: string, { code, output }: Ended): void {
  if (code !== 0) throw new Error(`${step} failed:\n${output}`)
}

/** @param before the same of an older commit */
export function describe({ ms, cpuMs, requests, megabytes }: Cost, before?: Cost): string {
  const memory = Object.entries(megabytes).map(([part, peak]) => `${part} ${Math.round(peak)}`)
  return [
    seconds(ms),
    `CPU ${seconds(cpuMs)}`,
    `${requests} requests`,
    `peak MB ${memory.join(' ')}`,
    ...(before
      ? [`before: ${seconds(before.ms)}, CPU ${seconds(before.cpuMs)}, ${before.requests} requests`]
      : []),
    ...(before ? [`ratio ${(ms / before.ms).toFixed(2)}, CPU ${(cpuMs / before.cpuMs).toFixed(2)}`] : []),
  ].join(', ')
}
