import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MOVE_RECORD, readMoveRecord } from '../../infra/contract/move.ts'
import { readStackDeclaration } from '../../infra/declaration/stack-declaration.ts'
import { replaceFileSync } from '../../lib/replace-file.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { CommandError, EXIT } from '../lib/errors.ts'
import { PulumiStack } from '../rotation/pulumi-stack.ts'
import { locksIn } from '../stack/engine-state.ts'
import { knownFailure, type Pulumi, type PulumiEnded } from '../stack/pulumi.ts'
import { StackChanges } from '../stack/stack-changes.ts'
import type { MovingStack } from './check-move.ts'
import { movedDeclarations, writeFiles } from './declaration-files.ts'
import type { MovePorts, StackPort } from './move.ts'
import { readStackState } from './stack-state.ts'

export interface OpenMoveOptions {
  readonly pulumi: Pulumi
  readonly projectDir: string
  readonly env: NodeJS.ProcessEnv
  readonly source: string
  readonly target: string
  readonly note: (line: string) => void
  readonly signal?: AbortSignal
}

/** Opens the ports onto Pulumi and the files of the project. */
export function openMove(options: OpenMoveOptions): MovePorts {
  const { pulumi, projectDir, source, target, note } = options
  const stacks = { source, target }
  const record = join(projectDir, MOVE_RECORD)
  return {
    source: stackPort(source, options),
    target: stackPort(target, options),
    moveState: async (urns) => {
      const args = ['state', 'move', '--yes', '--source', source, '--dest', target]
      requireDone('state move', await pulumi.attempt([...args, ...urns]))
    },
    movedFiles: (declared) => movedDeclarations(projectDir, stacks, declared),
    writeFiles: (files) => writeFiles(projectDir, files),
    record: {
      read: () => readMoveRecord(projectDir),
      write: (content) => {
        mkdirSync(dirname(record), { recursive: true, mode: 0o700 })
        replaceFileSync(record, JSON.stringify(content, null, 2), { mode: 0o600 })
      },
      remove: () => rmSync(record, { force: true }),
    },
    now: () => new Date(),
    note,
  }
}

function stackPort(stack: string, { pulumi, projectDir, env, note, signal }: OpenMoveOptions): StackPort {
  const options = { stack, note, ...(signal && { signal }) }
  const deployments = new PulumiStack(pulumi, { ...options, projectDir, env })
  const changes = new StackChanges(pulumi, options)
  const edit = async (...args: string[]) =>
    requireDone(`state ${args[0]}`, await changes.run(['state', ...args]))
  return {
    read: async () => movingStack(stack, await exported(stack, pulumi), projectDir, env),
    preview: (intent) => deployments.preview(intent),
    deploy: (intent) => deployments.deploy(intent),
    probe: (root) => edit('unprotect', '--yes', root),
    protect: (urns) => edit('protect', '--yes', ...urns),
    forget: async (urns) => {
      for (const urn of urns) await edit('delete', '--yes', '--force', '--target-dependents', urn)
    },
  }
}

async function exported(stack: string, pulumi: Pulumi): Promise<string> {
  const { code, output, stdout } = await pulumi.attempt(['stack', 'export', '--stack', stack])
  if (code === 0) return stdout
  if (/no stack named/i.test(output))
    throw new CommandError(
      'NO_STACK',
      `The stack "${stack}" has no state yet. Run: pulumi stack init ${stack}`,
    )
  throw failure('stack export', output)
}

function movingStack(name: string, state: string, projectDir: string, env: NodeJS.ProcessEnv): MovingStack {
  const { value, identities, config } = readStackDeclaration(projectDir, name)
  const tenantId = config['azuread:tenantId'] ?? env['ARM_TENANT_ID']
  return {
    name,
    state: readStackState(state),
    declared: new Set([...Object.keys(Object(value)), ...Object.keys(Object(identities))]),
    tenantId: typeof tenantId === 'string' ? tenantId : undefined,
    cloud: cloudOf(config['azuread:environment'], env),
  }
}

/** @throws CommandError STACK_LOCKED, WRONG_PASSPHRASE, PULUMI_FAILED */
function requireDone(command: string, { code, output }: PulumiEnded): void {
  if (code === 0) return
  if (locksIn(output))
    throw new CommandError(
      'STACK_LOCKED',
      `Somebody began to deploy one of the stacks; nothing was moved. Run the same command again when that has ended:\n${output}`,
    )
  throw failure(command, output)
}

function failure(command: string, output: string): CommandError {
  const known = knownFailure(output)
  if (known?.code === 'WRONG_PASSPHRASE') return otherPassphrase()
  return (
    known ??
    new CommandError('PULUMI_FAILED', `pulumi ${command} failed:\n${output}`, { exitCode: EXIT.wrong })
  )
}

/** `pulumi state move` asks one environment for the passphrases of both. */
export function otherPassphrase(): CommandError {
  return new CommandError(
    'WRONG_PASSPHRASE',
    'PULUMI_CONFIG_PASSPHRASE must open both stacks, since pulumi state move reads one and writes the other. Give them one passphrase first: pulumi stack change-secrets-provider passphrase --stack NAME',
  )
}
