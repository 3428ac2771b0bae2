import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppDeclarationInput } from '../../../infra/declaration/schema.ts'
import { isHarmless, readEngineState } from '../../../scripts/stack/engine-state.ts'
import type { BackendKind } from '../../support/backends/index.ts'
import { deployerGraph } from '../../support/rehearsal.ts'
import { type Ended, FILE_MANAGER, openStageWith, REPOSITORY } from '../../support/stage.ts'
import { startConsumers } from './consumers.ts'
import type { Command, Kill, Victim } from './kill-plan.ts'
import { descendantsOf } from './processes.ts'
import { deployRotation, ROTATED } from './support.ts'
import { startTenantProcess } from './tenant-process.ts'

/** For applications that somebody else made, which `adopt` takes over. */
const ROLES = ['Application.ReadWrite.All', 'User.Read.All', 'Group.ReadWrite.All']

/** Longer than any consumer keeps a secret, and so short that old generations go while the kills go on. */
const OVERLAP = '1m'

/** Milliseconds that each command takes at first; the runs after the kills tell better. */
const GUESSES: Readonly<Record<Command, number>> = { rotate: 9000, up: 7000, deliver: 4000, adopt: 9000 }

/** What was found after a kill and the run after it. */
export interface Aftermath {
  readonly recovery: Ended
  /** Key ids of secrets in the tenant that neither the ledger has nor `rotate --prune` finds. */
  readonly unknown: readonly string[]
  /** Operations that only a person can judge. */
  readonly undecided: readonly string[]
  /** What consumers got instead of a token so far. */
  readonly refused: readonly string[]
}

/** A stage with a rotated application and three consumers, whose commands are killed. */
export async function openKillStage(backend: BackendKind) {
  const stage = await openStageWith(backend, (dataDir) => startTenantProcess(dataDir, ROLES))
  const secrets = {
    onedrive: {
      ...ROTATED,
      overlap: OVERLAP,
      deliver: ['one', 'two', 'three'].map((name) => ({
        dotenv: { file: `${name}.env`, variable: 'CLIENT_SECRET' },
      })),
    },
  }
  const rotation = await deployRotation(stage, { secrets }, () => new Date())
  const first = await stage.cli('rotate')
  if (first.code !== 0) throw new Error(`The first delivery failed:\n${first.output}`)
  const consumers = startConsumers(rotation)
  const durations = { ...GUESSES }
  const apps: Record<string, AppDeclarationInput> = { fm: { ...FILE_MANAGER, secrets } }
  let rounds = 0

  /** Makes something to do for the command. @returns its arguments, and those of the run that completes it */
  const prepare = async (command: Command): Promise<readonly [string[], string[]]> => {
    rounds += 1
    if (command === 'rotate')
      return [
        ['rotate', '--now', '--successes', '1'],
        ['rotate', '--successes', '1'],
      ]
    if (command === 'deliver') {
      await rm(join(stage.dir, 'three.env'), { force: true })
      return [['deliver'], ['deliver']]
    }
    if (command === 'adopt') {
      const graph = await deployerGraph(stage.tenant)
      const { appId } = await graph('POST', '/applications', { displayName: `Found ${rounds}` })
      await graph('POST', '/servicePrincipals', { appId })
      const args = ['adopt', '--client-id', String(appId), '--app', `found${rounds}`]
      return [args, args]
    }
    change(apps, rounds)
    await stage.declare(apps)
    return [['up'], ['up']]
  }

  const cli = (args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [join(REPOSITORY, 'scripts/main.js'), '-C', stage.dir, ...args], {
      cwd: stage.dir,
      env: stage.env,
      stdio: 'ignore',
    })

  /** @returns whether the victim was met while the command ran */
  const strike = async (args: readonly string[], { command, victim, at }: Kill): Promise<boolean> => {
    const child = cli(args)
    const ended = once(child, 'exit').then(() => true)
    await Promise.race([ended, sleep(at * durations[command])])
    const isMet = await meet(child, victim, () => stage.tenant.killAndRestart())
    await ended
    return isMet
  }

  const complete = async (command: Command, args: readonly string[]): Promise<Ended> => {
    const since = Date.now()
    const ended = await stage.cli(...args)
    durations[command] = Date.now() - since
    const isDone = command === 'adopt' && /is managed by this stack already/.test(ended.output)
    return isDone ? { ...ended, code: 0 } : ended
  }

  return {
    stage,
    rotation,
    apps,
    consumers,
    /** Kills once; a command that was faster is run again, and met earlier. */
    kill: async (kill: Kill): Promise<Aftermath> => {
      const [args, completing] = await prepare(kill.command)
      let at = kill.at
      let running = args
      while (!(await strike(running, { ...kill, at }))) {
        at /= 2
        if (at < 0.01) throw new Error(`The ${kill.victim} of ${args.join(' ')} was never met.`)
        ;[running] = await prepare(kill.command)
      }
      const recovery = await complete(kill.command, kill.command === 'adopt' ? running : completing)
      const { pending } = readEngineState((await stage.pulumi('stack', 'export')).stdout)
      const known = [
        ...(await rotation.ledger()).flatMap(({ phase, keyId }) => (phase === 'retired' ? [] : [keyId])),
        ...(await rotation.orphans()).map(({ keyId }) => keyId),
      ]
      return {
        recovery,
        unknown: (await rotation.keyIds()).filter((keyId) => !known.includes(keyId)),
        undecided: pending.filter((each) => !isHarmless(each)).map(({ kind, urn }) => `${kind} ${urn}`),
        refused: consumers.refused,
      }
    },
    close: () => stage.close(),
  }
}

/** A setting, consent to one more permission and its withdrawal, or another application with a secret. */
function change(apps: Record<string, AppDeclarationInput>, round: number): void {
  const fm = apps['fm']
  if (!fm) return
  if (round % 3 === 0) {
    const secrets = { main: { displayName: 'Main', lifetime: '90d' } }
    apps[`extra${round}`] = { displayName: `Extra ${round}`, secrets }
  } else if (round % 3 === 1) {
    apps['fm'] = { ...fm, notes: `Round ${round}` }
  } else {
    const { application = [], delegated = [] } = fm.permissions?.['Microsoft Graph'] ?? {}
    const toggled = application.includes('Group.Read.All')
      ? application.filter((name) => name !== 'Group.Read.All')
      : [...application, 'Group.Read.All']
    apps['fm'] = { ...fm, permissions: { 'Microsoft Graph': { application: toggled, delegated } } }
  }
}

/** Waits until the victim is there, and kills it. @returns false when the command ended first */
async function meet(child: ChildProcess, victim: Victim, killTenant: () => Promise<void>): Promise<boolean> {
  const isRunning = () => child.exitCode === null && child.signalCode === null
  for (; isRunning(); await sleep(2)) {
    const pids = victimsBelow(child.pid ?? 0, victim)
    if (pids.length === 0) continue
    if (victim === 'tenant') await killTenant()
    else for (const pid of pids) kill(pid)
    return true
  }
  return false
}

function victimsBelow(cli: number, victim: Victim): number[] {
  if (victim === 'cli' || victim === 'tenant') return [cli]
  const below = descendantsOf(cli)
  if (victim === 'machine') return [cli, ...below.map(({ pid }) => pid)]
  const isVictim = (command: readonly string[]) =>
    victim === 'engine'
      ? basename(command[0] ?? '') === 'pulumi'
      : command.some((word) => /plugin\/main\.ts$|pulumi-resource-azuread$/.test(word))
  return below.filter(({ command }) => isVictim(command)).map(({ pid }) => pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended in this moment.
  }
}
