import { readdirSync, readFileSync } from 'node:fs'
import { entryName } from '../../infra/declaration/schema/names.ts'
import { APPS_KEY, mergeApps, projectReader } from '../../infra/declaration/stack-declaration.ts'
import { readDeclaration } from '../../infra/rules/validate.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { type AdoptPorts, type AdoptRequest, adopt } from '../adopt/adopt.ts'
import { fileExists, schemaFor, writeAppFile } from '../adopt/app-file.ts'
import type { Which } from '../adopt/read-registration.ts'
import { renderAdoption } from '../adopt/render.ts'
import { parseReport, type ReportSource, requireTenant } from '../inventory/parse-report.ts'
import type { InventoryReport } from '../inventory/report.ts'
import { unreadStacksIn } from '../inventory/rows.ts'
import { parseCondition, selectUnmanaged } from '../inventory/select.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { PulumiStack } from '../rotation/pulumi-stack.ts'
import { stackArgs } from '../stack/workspace.ts'
import { openTenant } from './open-tenant.ts'
import { parseOption } from './parse-option.ts'
import type { RotateContext } from './rotate.ts'

export interface AdoptOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  readonly clientId?: string
  /** Display name of the registration. */
  readonly name?: string
  /** Every registration that the deployer owns and no declaration has. */
  readonly allOwned?: boolean
  /** A file with an inventory, from which `match` chooses. */
  readonly from?: string
  readonly match?: readonly string[]
  /** Name in the declaration. */
  readonly app?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Takes existing registrations into the stack: 0 when all that was asked for is adopted, or adoptable with `dryRun`. */
export async function adoptCommand(options: AdoptOptions, context: RotateContext): Promise<ExitCode> {
  const { terminal } = context
  const { from } = options
  const inventory = from === undefined ? undefined : readInventory(from)
  const request = readRequest(options, inventory)
  const ports = await openAdoption(options, context)
  if (inventory) {
    requireTenant(inventory, sourceOf(from), ports.tenantId)
    terminal.note(chosenFrom(inventory, request.which))
  }
  const report = await adopt(request, ports)
  terminal.print(options.json ? JSON.stringify(report, null, 2) : renderAdoption(report, terminal.colors))
  return report.notAdoptable.length > 0 ? EXIT.wrong : EXIT.ok
}

function readRequest(options: AdoptOptions, inventory: InventoryReport | undefined): AdoptRequest {
  const { clientId, name, allOwned, from, match, app, dryRun } = options
  const given = [clientId, name, allOwned || undefined, from].filter((each) => each !== undefined).length
  if (given !== 1)
    throw badOptions('Say which registration: one of --client-id, --name, --all-owned and --from.')
  if (clientId !== undefined && !isGuid(clientId))
    throw badOptions(
      `--client-id: "${clientId}" is not a GUID; it is the "Application (client) ID" of the portal.`,
    )
  if ((from === undefined) !== (match === undefined))
    throw badOptions("--from needs --match, and --match needs --from: --match 'name=*' takes all.")
  if (app !== undefined && (allOwned || from !== undefined))
    throw badOptions(`--app names one application, and --${from ? 'from' : 'all-owned'} means several.`)
  if (app !== undefined && !entryName.safeParse(app).success)
    throw badOptions(
      `--app: "${app}" is not a name; it is lower-case letters, digits and hyphens, starting with a letter.`,
    )
  const which = inventory ? selectedFrom(inventory, match ?? []) : whichOf(options)
  return { which, ...(app !== undefined && { app }), ...(dryRun !== undefined && { dryRun }) }
}

function whichOf({ clientId, name }: AdoptOptions): Which {
  if (clientId !== undefined) return { clientId: clientId.toLowerCase() }
  return name !== undefined ? { name } : { allOwned: true }
}

function readInventory(from: string): InventoryReport {
  return parseReport(
    parseOption('--from', () => readFileSync(from, 'utf8')),
    sourceOf(from),
  )
}

function sourceOf(file = ''): ReportSource {
  return { option: '--from', file }
}

function selectedFrom(inventory: InventoryReport, match: readonly string[]): Which {
  const entries = selectUnmanaged(inventory, match.map(parseCondition))
  return { selected: entries.map(({ appId, displayName }) => ({ clientId: appId, displayName })) }
}

/** What an inventory without stacks does not know is said before anything is adopted. */
function chosenFrom(inventory: InventoryReport, which: Which): string {
  const { at, stacks } = inventory
  const count = 'selected' in which ? which.selected.length : 0
  const managed =
    stacks.length > 0
      ? `Applications of ${stacks.join(', ')} are left out.`
      : 'It looked up no stack, so applications of other stacks may be among them: write it with --all-stacks to leave them out.'
  const matched = `${count} registrations of the inventory of ${at} match. ${managed}`
  return [matched, ...unreadStacksIn(inventory)].join('\n')
}

function badOptions(message: string): CommandError {
  return new CommandError('BAD_OPTIONS', message)
}

async function openAdoption(options: AdoptOptions, context: RotateContext): Promise<AdoptPorts> {
  const { openWorkspace, projectDir, env, terminal, signal, now = () => new Date() } = context
  const { pulumi } = await openWorkspace()
  const stack = new PulumiStack(pulumi, {
    projectDir,
    env,
    note: terminal.note,
    stack: options.stack,
    ...(signal && { signal }),
  })
  const config = await stack.config()
  const cloud = config.text('azuread:environment')
  const rules = { cloud: cloudOf(cloud, env), read: projectReader(projectDir) }
  const { directory, tenantId } = await openTenant(config, env, terminal.mask, signal)
  const value = mergeApps(projectDir, config.value(APPS_KEY))
  const declared = readDeclaration(value, rules)
  const current = (await pulumi.read(['stack', '--show-name', ...stackArgs(options.stack)])).trim()
  return {
    directory,
    tenantId,
    stack: {
      preview: (adoption) => stack.preview({ steps: [], adopt: adoption }),
      deploy: (adoption) => stack.deploy({ steps: [], adopt: adoption }),
      state: () => stack.state(),
    },
    declared: declared.ok ? declared.value : {},
    isTaken: (app) => Object.hasOwn((value as object | undefined) ?? {}, app) || fileExists(projectDir, app),
    deployed: await deployedIn(stack, declared.ok ? declared.value : {}),
    otherStacks: stacksIn(projectDir).filter((each) => each !== current),
    rules,
    schema: schemaFor(projectDir),
    writeFile: (app, content) => writeAppFile(projectDir, app, content),
    now,
    note: terminal.note,
  }
}

/** What the stack has deployed of the declared applications; nothing before its first deployment. */
async function deployedIn(
  stack: PulumiStack,
  declared: Readonly<Record<string, unknown>>,
): Promise<AdoptPorts['deployed']> {
  try {
    const { apps } = await stack.outputs()
    return Object.fromEntries(Object.entries(apps).filter(([name]) => Object.hasOwn(declared, name)))
  } catch (error) {
    if (error instanceof CommandError && error.code === 'NOT_DEPLOYED') return {}
    throw error
  }
}

function stacksIn(projectDir: string): string[] {
  return readdirSync(projectDir).flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
}
