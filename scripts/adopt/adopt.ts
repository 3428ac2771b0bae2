import type { AdoptedApp, Adoption } from '../../infra/contract/adoption.ts'
import { renderProblem } from '../../infra/declaration/problems.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import { shapeFinding } from '../../infra/rules/registry.ts'
import type { RuleContext } from '../../infra/rules/rule.ts'
import { readAppDeclaration } from '../../infra/rules/validate.ts'
import { text } from '../proof/directory/members.ts'
import type { Directory } from '../proof/directory/open.ts'
import type { Entity } from '../proof/directory/reader.ts'
import type { EngineState } from '../stack/engine-state.ts'
import type { PulumiEnded } from '../stack/pulumi.ts'
import { fileOf, nameFor, renderFile } from './app-file.ts'
import { type Declared, declareRegistration } from './declare.ts'
import { type Peer, readNames } from './names.ts'
import { judgePreview } from './preview.ts'
import { deletedNamesakes, findApplications, goneSince, readFound, type Which } from './read-registration.ts'
import {
  alreadyManaged,
  begunAs,
  nameTaken,
  notAdoptableBecause,
  notEmptyAfterwards,
  otherChanges,
  previewFailed,
} from './refusals.ts'
import type { AdoptedRegistration, AdoptionReport } from './report.ts'

/** What adopting needs from the world. */
export interface AdoptPorts {
  readonly directory: Directory
  readonly tenantId: string
  readonly stack: {
    /** What a deployment that takes these registrations over would do. */
    readonly preview: (adopt: Adoption) => Promise<PulumiEnded>
    readonly deploy: (adopt: Adoption) => Promise<void>
    readonly state: () => Promise<EngineState>
  }
  /** The applications of the declaration, as far as they are readable. */
  readonly declared: Readonly<Record<string, AppDeclaration>>
  /** Names that the declaration uses, or that have a file. */
  readonly isTaken: (name: string) => boolean
  /** Applications that the stack has deployed, by name. */
  readonly deployed: Readonly<Record<string, Peer>>
  readonly otherStacks: readonly string[]
  readonly rules: Pick<RuleContext, 'cloud' | 'read'>
  /** Where the schema of the files is, from their folder. */
  readonly schema: string
  readonly writeFile: (app: string, content: string) => Promise<void>
  readonly now: () => Date
  readonly note: (line: string) => void
}

export interface AdoptRequest {
  readonly which: Which
  /** Name in the declaration. Default: after the display name. */
  readonly app?: string
  /** Change nothing, write nothing. */
  readonly dryRun?: boolean
}

/** A registration on its way into the stack. */
interface Candidate {
  readonly name: string
  readonly application: Entity
  readonly declared: Declared
  readonly suppressed: readonly string[]
}

/**
 * Takes registrations over: reads them, writes their declaration and imports them into the stack. Nothing in the
 * directory is changed. A run that was killed is continued by the next one with the same options.
 *
 * @throws CommandError NO_SUCH_REGISTRATION, AMBIGUOUS_NAME, DIRECTORY_UNREADABLE, ALREADY_MANAGED, NAME_TAKEN,
 *   NOT_ADOPTABLE, OTHER_CHANGES, PULUMI_FAILED
 */
export async function adopt(request: AdoptRequest, ports: AdoptPorts): Promise<AdoptionReport> {
  const { directory, otherStacks, note } = ports
  const applications = await findApplications(request.which, directory)
  const { applications: known } = await ports.stack.state()
  const isManaged = (each: Entity) => {
    const name = known.get(idOf(each))
    return name !== undefined && ports.isTaken(name)
  }
  const managed = applications.filter(isManaged)
  const isBatch = 'allOwned' in request.which || 'selected' in request.which
  if (managed[0] && !isBatch) throw alreadyManaged(managed[0], known.get(idOf(managed[0]))!)

  const candidates = await declareAll(
    applications.filter((each) => !managed.includes(each)),
    known,
    request,
    ports,
  )
  note(`Read ${candidates.map(({ name }) => name).join(', ') || 'nothing to adopt'}.`)
  const notAdoptable = new Map(
    candidates.flatMap((each) =>
      each.declared.notAdoptable.length > 0 ? [[each, each.declared.notAdoptable] as const] : [],
    ),
  )
  await previewUntilQuiet(candidates, notAdoptable, isBatch, ports)
  const adopting = candidates.filter((each) => !notAdoptable.has(each))
  const report: AdoptionReport = {
    adopted: adopting.map((each) => describe(each, ports)),
    dryRun: request.dryRun ?? false,
    notAdoptable: [
      ...[...notAdoptable].map(([{ application }, reasons]) => ({
        displayName: text(application, 'displayName'),
        clientId: text(application, 'appId'),
        reasons: [...reasons],
      })),
      ...goneSince(request.which, applications),
    ],
    alreadyManaged: managed.map((each) => known.get(idOf(each))!),
    deletedNamesakes: await deletedNamesakes(
      applications.map((each) => text(each, 'displayName')),
      directory.reader,
    ),
    otherStacks: [...otherStacks],
  }
  if (!request.dryRun && adopting.length > 0) await carryOut(adopting, report, ports)
  return report
}

/** Imports, then writes the files, then makes sure that a plain preview is empty. */
async function carryOut(
  adopting: readonly Candidate[],
  { adopted }: AdoptionReport,
  { stack, writeFile }: AdoptPorts,
): Promise<void> {
  await stack.deploy(adoptionOf(adopting))
  for (const { app, yaml } of adopted) await writeFile(app, yaml)
  const { imports, mismatches, others, failure } = judgePreview(await stack.preview({}), [])
  const changes = [...Object.values(mismatches).flat(), ...others]
  if (imports === 0 && changes.length === 0 && failure === undefined) return
  throw notEmptyAfterwards(failure === undefined ? changes : [failure])
}

/** One after the other, so that each may refer to those before it by name. */
async function declareAll(
  applications: readonly Entity[],
  known: ReadonlyMap<string, string>,
  { app }: AdoptRequest,
  ports: AdoptPorts,
): Promise<Candidate[]> {
  const { directory, tenantId, isTaken } = ports
  const found = await readFound(applications, directory.reader)
  const stackApps: Record<string, Peer> = { ...ports.deployed }
  const candidates: Candidate[] = []
  for (const registration of found) {
    const { application, servicePrincipal } = registration
    const taken = (name: string) => isTaken(name) || candidates.some((each) => each.name === name)
    const name = chooseName(application, known.get(idOf(application)), app, taken)
    const names = await readNames([registration], stackApps, directory, tenantId)
    const declared = judged(name, declareRegistration(name, registration, names, ports.rules.cloud), ports)
    candidates.push({ name, application, ...declared })
    stackApps[name] = {
      clientId: text(application, 'appId'),
      servicePrincipalId: text(servicePrincipal, 'id'),
    }
  }
  return candidates
}

/**
 * @param begun the name under which an earlier run began to import it
 * @throws CommandError NAME_TAKEN
 */
function chooseName(
  application: Entity,
  begun: string | undefined,
  wanted: string | undefined,
  isTaken: (name: string) => boolean,
): string {
  if (begun !== undefined && (wanted === undefined || wanted === begun)) return begun
  if (begun !== undefined) throw begunAs(application, begun)
  if (wanted === undefined) return nameFor(text(application, 'displayName'), isTaken)
  if (!isTaken(wanted)) return wanted
  throw nameTaken(wanted)
}

/** Rules that the registration breaks as it is are suppressed: it exists, so they did not hold it up. */
function judged(
  name: string,
  declared: Declared,
  { rules, declared: others, now }: AdoptPorts,
): Pick<Candidate, 'declared' | 'suppressed'> {
  const result = readAppDeclaration(name, declared.declaration, { ...rules, now: now() }, others)
  if (result.ok) return { declared, suppressed: [] }
  const shapeCode = shapeFinding({ path: [], message: '' }).code
  const misshapen = result.problems.filter(({ code }) => code === shapeCode)
  const broken = result.problems.filter(({ code }) => code !== shapeCode)
  const suppress = [...new Set(broken.map(({ code }) => code))]
    .sort()
    .map((rule) => ({ rule, reason: 'adopted as it was' }))
  return {
    declared: {
      ...declared,
      declaration: { ...declared.declaration, ...(suppress.length > 0 && { suppress }) },
      notAdoptable: [
        ...declared.notAdoptable,
        ...misshapen.map((problem) => `a declaration cannot say it: ${renderProblem(problem).trim()}`),
      ],
    },
    suppressed: broken.map((problem) => renderProblem(problem).trim()),
  }
}

/**
 * Previews the adoption until nothing but imports is left, setting aside registrations that differ from what their
 * declaration comes to.
 *
 * @param notAdoptable is added to
 * @param isBatch whether the others may go on without them
 */
async function previewUntilQuiet(
  candidates: readonly Candidate[],
  notAdoptable: Map<Candidate, readonly string[]>,
  isBatch: boolean,
  { stack }: AdoptPorts,
): Promise<void> {
  for (;;) {
    if (notAdoptable.size > 0 && !isBatch) throw notAdoptableBecause(reasonsOf(notAdoptable))
    const left = candidates.filter((each) => !notAdoptable.has(each))
    if (left.length === 0) return
    const verdict = judgePreview(
      await stack.preview(adoptionOf(left)),
      left.map(({ name }) => name),
    )
    for (const candidate of left) {
      const reasons = verdict.mismatches[candidate.name]
      if (reasons)
        notAdoptable.set(
          candidate,
          reasons.map((each) => `the preview is not empty: ${each}`),
        )
    }
    if (Object.keys(verdict.mismatches).length > 0) continue
    if (verdict.others.length > 0) throw otherChanges(verdict.others)
    if (verdict.failure !== undefined) throw previewFailed(verdict.failure)
    return
  }
}

function adoptionOf(candidates: readonly Candidate[]): Adoption {
  return Object.fromEntries(
    candidates.map(({ name, declared: { declaration, listOrder, objects } }): [string, AdoptedApp] => [
      name,
      { declaration: { ...declaration }, listOrder: { ...listOrder }, objects: [...objects] },
    ]),
  )
}

function describe(
  { name, application, declared, suppressed }: Candidate,
  { now, schema }: Pick<AdoptPorts, 'now' | 'schema'>,
): AdoptedRegistration {
  const clientId = text(application, 'appId')
  return {
    app: name,
    displayName: text(application, 'displayName'),
    clientId,
    objectId: text(application, 'id'),
    file: fileOf(name),
    yaml: renderFile(declared.declaration, { clientId, date: now().toISOString().slice(0, 10), schema }),
    imports: declared.objects.length,
    suppressed: [...suppressed],
    leftAlone: [...declared.leftAlone],
    foreign: [...declared.foreign],
  }
}

function reasonsOf(notAdoptable: ReadonlyMap<Candidate, readonly string[]>): string[] {
  return [...notAdoptable].flatMap(([{ application }, reasons]) =>
    reasons.map((reason) => `${text(application, 'displayName')}: ${reason}`),
  )
}

function idOf(application: Entity): string {
  return `/applications/${text(application, 'id')}`
}
