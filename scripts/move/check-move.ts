import type { MovedEntries } from '../../infra/contract/move.ts'
import { issuedOf } from '../../infra/rotation/generation.ts'
import { suggest } from '../../lib/nearest.ts'
import type { Cloud } from '../../microsoft/clouds.ts'
import { CommandError, EXIT } from '../lib/errors.ts'
import type { Entry, StackState } from './stack-state.ts'

/** A stack that takes part in a move. */
export interface MovingStack {
  readonly name: string
  readonly state: StackState
  /** Names of applications and identities that its files declare. */
  readonly declared: ReadonlySet<string>
  /** Tenant that it deploys to, as its settings or the environment say. */
  readonly tenantId: string | undefined
  readonly cloud: Cloud
}

/**
 * The entries to move, if nothing speaks against it.
 *
 * @throws CommandError UNKNOWN_APP, NAME_TAKEN, OTHER_TENANT, PENDING_OPERATIONS, ROTATION_UNDER_WAY, REFERENCES
 */
export function entriesToMove(
  names: readonly string[],
  source: MovingStack,
  target: MovingStack,
): readonly Entry[] {
  const entries = names.map((name) => source.state.entries.get(name) ?? unknown(name, source))
  for (const name of names) requireDeclared(name, source)
  const outputs = outputsOf(entries, source)
  for (const stack of [source, target]) requireFinished(stack)
  for (const name of names) requireFree(name, target)
  requireSameTenant(outputs, source, target)
  requireNoRotation(outputs.ledger)
  requireIndependence(names, source)
  return entries
}

/** What the source's outputs say of the entries. */
export function outputsOf(entries: readonly Entry[], { name, state }: MovingStack): MovedEntries {
  const moved: MovedEntries = { apps: {}, identities: {}, ledger: {} }
  for (const entry of entries) {
    const facts = state.outputs[entry.section][entry.name]
    const ledger = state.outputs.ledger[entry.name]
    if (!facts || (entry.section === 'apps' && !ledger)) throw unfinished(name)
    Object.assign(moved[entry.section], { [entry.name]: facts })
    if (ledger) moved.ledger[entry.name] = ledger
  }
  return moved
}

function unknown(name: string, { name: stack, state, declared }: MovingStack): never {
  const known = [...state.entries.keys()]
  const hint = declared.has(name)
    ? 'it is declared, and not deployed yet'
    : suggest(name, known, `deployed: ${known.join(', ') || 'none'}`)
  throw new CommandError('UNKNOWN_APP', `The stack "${stack}" has no application "${name}"; ${hint}.`)
}

/** A program of one's own says itself what it deploys, and knows of no ledger from elsewhere. */
function requireDeclared(name: string, { name: stack, declared }: MovingStack): void {
  if (declared.has(name)) return
  throw new CommandError(
    'UNKNOWN_APP',
    `"${name}" is deployed in the stack "${stack}", and no file of the stack declares it. Only what Pulumi.${stack}.yaml, apps/ or identities/ declare can be moved.`,
  )
}

function requireFinished({ name, state }: MovingStack): void {
  if (state.isUnfinished) throw unfinished(name)
}

function unfinished(stack: string): CommandError {
  return new CommandError(
    'PENDING_OPERATIONS',
    `The last deployment of the stack "${stack}" did not finish; nothing was moved. Run: npm run up -- --stack ${stack}`,
  )
}

function requireFree(name: string, { name: stack, state, declared }: MovingStack): void {
  if (state.entries.has(name) || Object.hasOwn({ ...state.outputs.apps, ...state.outputs.identities }, name))
    throw new CommandError(
      'NAME_TAKEN',
      `The stack "${stack}" has deployed a "${name}" already. Rename one of the two first: formerly keeps its objects (docs/declaration.md).`,
    )
  if (declared.has(name))
    throw new CommandError(
      'NAME_TAKEN',
      `The stack "${stack}" declares a "${name}" of its own. Take it out first; one that all stacks share by \`${name}: null\` in Pulumi.${stack}.yaml.`,
    )
}

function requireSameTenant(moved: MovedEntries, source: MovingStack, target: MovingStack): void {
  const facts = [...Object.values(moved.apps), ...Object.values(moved.identities)]
  const theirs = Object.values(target.state.outputs.apps)
  // Settings may name a tenant by its domain, so that they are comparable with each other only.
  const configured = target.tenantId === source.tenantId ? undefined : target.tenantId
  const tenants = new Set([...facts, ...theirs].map(({ tenantId }) => tenantId).concat(configured ?? []))
  if (tenants.size === 1 && source.cloud === target.cloud) return
  throw new CommandError(
    'OTHER_TENANT',
    `The stacks "${source.name}" and "${target.name}" deploy to different tenants (${[...tenants].join(', ') || 'none named'}). An application cannot leave its tenant: declare it in "${target.name}" anew.`,
  )
}

function requireNoRotation(ledger: MovedEntries['ledger']): void {
  for (const [app, secrets] of Object.entries(ledger)) {
    for (const [secret, generations] of Object.entries(secrets)) {
      const issued = issuedOf(generations)
      if (!issued) continue
      throw new CommandError(
        'ROTATION_UNDER_WAY',
        `The rotation of ${app}/${secret} to g${issued.generation} has not finished; nothing was moved. Let it end first: npm run rotate -- --app ${app}`,
      )
    }
  }
}

function requireIndependence(names: readonly string[], { name: stack, state }: MovingStack): void {
  const isMoved = (name: string) => names.includes(name)
  const torn = state.needs.filter(([from, to]) => isMoved(from) !== isMoved(to))
  if (torn.length === 0) return
  const all = new Set([...names, ...torn.flat()])
  const list = torn.map(([from, to]) => `  - ${from} refers to ${to}`).join('\n')
  throw new CommandError(
    'REFERENCES',
    `Applications that refer to each other by name must stay in one stack; nothing was moved:\n${list}\nMove them together (npx entra-apps move ${[...all].join(' ')} --stack ${stack} …), or refer to the other one by its client id.`,
    { exitCode: EXIT.wrong },
  )
}
