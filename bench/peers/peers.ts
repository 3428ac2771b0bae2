import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Ended, openStage, type Stage } from '../../test/support/stage.ts'
import { terraformIn, terraformProvider } from '../../test/support/terraform.ts'
import { applications } from '../applications.ts'
import { type Figure, seconds } from '../figure.ts'
import { type Cost, measure } from '../measure.ts'

/** Operations at a time, for everybody. */
const PARALLEL = '32'
const UNATTENDED = ['--yes', '--skip-preview', '--suppress-outputs', '--parallel', PARALLEL]

/** One way to bring the same applications up. */
interface Peer {
  readonly name: string
  /** Prepares what the steps need, once the stage is open. */
  readonly prepare: (stage: Stage, size: number) => Promise<Record<Step, () => Promise<Ended>>>
}

const STEPS = ['first', 'no change', 'refresh', 'destroy'] as const
type Step = (typeof STEPS)[number]

/**
 * entra-apps beside a plain Pulumi program and Terraform, each with the official provider, against a local tenant of its own.
 * No registry has the programs, so they are named by path:
 *
 * - ENTRA_APPS_AZUREAD_PLUGIN: `pulumi-resource-azuread`. Default: the plugin that a local tenant gets anyway
 * - ENTRA_APPS_TERRAFORM_PROVIDER: `terraform-provider-azuread`. Default: Terraform is left out. ENTRA_APPS_TERRAFORM: the CLI.
 *   Default: `terraform` on PATH
 */
export async function* benchPeers(dir: string, sizes: readonly number[]): AsyncGenerator<Figure> {
  const provider = terraformProvider()
  const peers = [OURS, plainPulumi(dir), ...(provider ? [terraform(provider)] : [])]
  for (const size of sizes) {
    const table = new Map<string, Record<string, Cost>>()
    for (const peer of peers) table.set(peer.name, await live(peer, size))
    const [ours = {}] = table.values()
    for (const step of STEPS) {
      for (const [name, costs] of table) {
        const cost = costs[step]
        if (cost) yield { name: `${size} apps, ${step}: ${name}`, value: describe(cost, ours[step]) }
      }
    }
  }
}

async function live(peer: Peer, size: number): Promise<Record<string, Cost>> {
  const stage = await openStage()
  try {
    const steps = await peer.prepare(stage, size)
    const costs: Record<string, Cost> = {}
    for (const step of STEPS) {
      // What has consumers is protected (docs/decisions/0005-protect-what-has-consumers.md).
      if (step === 'destroy') await stage.pulumi('state', 'unprotect', '--all', '--yes')
      costs[step] = await measure(
        () => stage.tenant.requests().length,
        async () => {
          const { code, output } = await steps[step]()
          if (code !== 0) throw new Error(`${peer.name}, ${step} failed:\n${output}`)
        },
      )
    }
    return costs
  } finally {
    await stage.close()
  }
}

const OURS: Peer = {
  name: 'entra-apps',
  prepare: async (stage, size) => {
    await stage.declare(applications(size))
    return { ...byPulumi(stage), first: () => stage.cli('up'), 'no change': () => stage.cli('up') }
  },
}

function plainPulumi(dir: string): Peer {
  const program = join(dir, 'plain-pulumi')
  return {
    name: 'plain Pulumi',
    prepare: async (stage, size) => {
      mkdirSync(program, { recursive: true })
      copyFileSync(join(import.meta.dirname, 'pulumi/index.js'), join(program, 'index.js'))
      writeFileSync(join(program, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }))
      symlink(resolve(import.meta.dirname, '../../node_modules'), join(program, 'node_modules'))
      const project = { name: 'entra-apps', runtime: { name: 'nodejs', options: { typescript: false } } }
      // JSON is YAML.
      writeFileSync(join(stage.dir, 'Pulumi.yaml'), JSON.stringify({ ...project, main: program }))
      stage.env['BENCH_SIZE'] = String(size)
      return byPulumi(stage)
    },
  }
}

function byPulumi(stage: Stage): Record<Step, () => Promise<Ended>> {
  const up = () => stage.pulumi('up', ...UNATTENDED)
  return {
    first: up,
    'no change': up,
    refresh: () => stage.pulumi('refresh', ...UNATTENDED),
    destroy: () => stage.pulumi('destroy', ...UNATTENDED),
  }
}

function terraform(provider: string): Peer {
  return {
    name: 'Terraform',
    prepare: async (stage, size) => {
      const folder = join(stage.dir, 'terraform')
      mkdirSync(folder)
      copyFileSync(join(import.meta.dirname, 'terraform/main.tf'), join(folder, 'main.tf'))
      const start = terraformIn(folder, provider, { ...stage.env, TF_VAR_size: String(size) })
      return {
        first: () => start('apply', '-auto-approve', `-parallelism=${PARALLEL}`),
        // A plan asks the tenant about every object first, which `refresh` of Pulumi does.
        'no change': () => start('plan', '-refresh=false', `-parallelism=${PARALLEL}`),
        refresh: () => start('plan', `-parallelism=${PARALLEL}`),
        destroy: () => start('destroy', '-auto-approve', `-parallelism=${PARALLEL}`),
      }
    },
  }
}

function symlink(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** @param ours the same step of entra-apps */
function describe({ ms, cpuMs, requests }: Cost, ours: Cost | undefined): string {
  const ratio = ours ? (ms / ours.ms).toFixed(2) : '-'
  return `${seconds(ms)}, CPU ${seconds(cpuMs)}, ${requests} requests, ${ratio} of entra-apps`
}
