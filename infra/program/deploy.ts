import * as pulumi from '@pulumi/pulumi'
import { asInvoked } from '../../lib/invocation.ts'
import { mapValues } from '../../lib/map-values.ts'
import type { Intent } from '../contract/intent.ts'
import type { AppOutputs, IdentityOutputs } from '../contract/outputs.ts'
import type { DeclaredIdentity } from '../declaration/identity.ts'
import { DeclarationError } from '../declaration/problems.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { AppRegistration } from '../registration/app-registration.ts'
import type { StackContext } from '../registration/context.ts'
import type { Restore } from '../registration/declared-outputs.ts'
import { Identity } from '../registration/identity.ts'
import { byPublishedNames } from '../registration/published-names.ts'
import { StackApps } from '../registration/stack-apps.ts'
import { type Advanced, advanceRetirements, type DeletedApp } from '../retirement/retirement.ts'
import type { Generation, Ledger } from '../rotation/generation.ts'
import { advanceLedger } from '../rotation/ledger.ts'
import { policiesOf } from '../rotation/policy.ts'
import { reminders } from '../rotation/reminders.ts'
import { dependentsOf } from '../rules/references.ts'
import { describePermissionChanges } from './permission-changes.ts'
import { type PreviousDeployment, previousUnderPresentNames } from './previous-deployment.ts'

/** What a deployment is made from: applications that are checked already, and what was there before. */
export interface Deployment extends Omit<StackContext, 'stackApps'> {
  readonly declared: Readonly<Record<string, AppDeclaration>>
  /** Identities without a registration, checked already. Default: none. */
  readonly identities?: Readonly<Record<string, DeclaredIdentity>>
  /** Under the names that the applications had. Default: nothing, as before the first deployment. */
  readonly previous?: Partial<PreviousDeployment>
  /** Put outputs of other resources back, by application. Default: the declaration has none. */
  readonly restore?: Readonly<Record<string, Restore>>
  /** What a rotation or an adoption wants. Default: nothing, and no reminder of the command that rotates. */
  readonly intent?: Intent
  /** Parent and provider of the applications. */
  readonly options?: pulumi.ComponentResourceOptions
}

/** Applications as they are registered, by name. */
export interface RegisteredApps<Name extends string = string> {
  readonly registrations: Readonly<Record<Name, AppRegistration>>
  /**
   * What a program exports so that the commands `verify`, `rotate`, `report`, `retire` and the next deployment find it:
   *
   *     export const { apps, identities, secretValues, ledger, deletedApps } = registered.outputs
   */
  readonly outputs: {
    /** Facts of each application, free of secrets. */
    readonly apps: Readonly<Record<string, pulumi.Output<AppOutputs>>>
    /** Secret values, keys and certificates by application, credential and generation. A Pulumi secret. */
    readonly secretValues: pulumi.Output<Record<string, Record<string, Record<string, string>>>>
    /** Facts of each identity without a registration, which `verify` reads too. */
    readonly identities: Readonly<Record<string, pulumi.Output<IdentityOutputs>>>
    /** Which generations there are and were; read back by the next deployment. */
    readonly ledger: Readonly<Record<string, pulumi.Output<Record<string, Generation[]>>>>
    /** Applications that were deleted at their end; read back by the next deployment, which leaves them out. */
    readonly deletedApps: Readonly<Record<string, DeletedApp>>
  }
}

/**
 * Registers the applications with the generations of their credentials that are due by now.
 *
 * A preview says before anything else what changes in permissions; a first deployment does, because `up` makes it
 * without a preview.
 */
export function deploy(deployment: Deployment): RegisteredApps {
  const { intent, options } = deployment
  const all = byPublishedNames(deployment.declared)
  const identities = namedIdentities(deployment.identities ?? {}, deployment.declared)
  const parent = options?.parent
  const granted = mapValues(identities, ({ app }) => app)
  const previous = previousUnderPresentNames(deployment.previous ?? {}, { ...all, ...granted })
  const retired = retire({ ...all, ...granted }, all, previous, intent, parent)
  const declared = withoutDeleted(all, retired)
  const { permissions } = previous
  if (permissions && (pulumi.runtime.isDryRun() || Object.keys(permissions).length === 0)) {
    const changes = describePermissionChanges(permissions, { ...declared, ...granted })
    for (const change of changes) void pulumi.log.info(change, parent)
  }
  return register(
    { ...deployment, declared, identities },
    previous,
    retired,
    advance(declared, previous.ledger ?? {}, intent, parent),
  )
}

/** Which applications are at their end, with a warning for each deletion left out. */
function retire(
  granted: Deployment['declared'],
  declared: Deployment['declared'],
  previous: Partial<PreviousDeployment>,
  intent: Intent | undefined,
  parent: pulumi.Resource | undefined,
): Advanced {
  const last = { facts: previous.facts ?? {}, deleted: previous.deletedApps ?? {} }
  const retiring = Object.keys(declared).filter((name) => declared[name]?.retire)
  const needed = new Map(retiring.map((name) => [name, dependentsOf(name, granted)] as const))
  const isNeeded = new Set(retiring.filter((name) => needed.get(name)!.length > 0))
  const { deleteApps = [] } = intent ?? {}
  const advanced = advanceRetirements(declared, last, deleteApps, isNeeded, momentOf(intent))
  for (const { app, reason } of advanced.ignored) {
    void pulumi.log.warn(`${app}: the deletion was left out: ${reason}.`, parent)
  }
  const problems = Object.entries(advanced.deleted).flatMap(([name, { at }]) =>
    (needed.get(name) ?? []).map((other) => ({
      path: ['apps', other],
      message: `it needs "${name}", which was deleted on ${at}`,
      fix: `remove what refers to "${name}"`,
    })),
  )
  if (problems.length > 0) throw new DeclarationError(problems, 'the declaration')
  return advanced
}

function withoutDeleted(declared: Deployment['declared'], { deleted }: Advanced): Deployment['declared'] {
  return Object.fromEntries(Object.entries(declared).filter(([name]) => !Object.hasOwn(deleted, name)))
}

/** The moment that the deployment takes for now. */
function momentOf(intent: Intent | undefined): Date {
  return intent?.at ? new Date(intent.at) : new Date()
}

/** The ledger of this deployment, with a warning for each step left out and each credential that is due. */
function advance(
  declared: Deployment['declared'],
  previous: Ledger,
  intent: Intent | undefined,
  parent: pulumi.Resource | undefined,
): Ledger {
  const { steps } = intent ?? { steps: [] }
  const now = momentOf(intent)
  const policies = policiesOf(declared)
  const { ledger, ignored } = advanceLedger(previous, policies, steps, now)
  for (const { step, reason } of ignored) {
    const message = `${step.app}/${step.secret}: ${step.do} g${step.generation} was left out: ${reason}.`
    void pulumi.log.warn(message, parent)
  }
  for (const reminder of intent ? reminders(ledger, policies, steps, now) : []) {
    void pulumi.log.warn(asInvoked(reminder), parent)
  }
  return ledger
}

/** The same as for applications: what refers to a permission by another name or by id gets the one name of it. */
function namedIdentities(
  identities: Readonly<Record<string, DeclaredIdentity>>,
  apps: Deployment['declared'],
): Record<string, DeclaredIdentity> {
  return mapValues(identities, (identity, name) => ({
    ...identity,
    app: byPublishedNames({ [name]: identity.app }, apps)[name] ?? identity.app,
  }))
}

function register(
  {
    declared,
    identities = {},
    intent,
    options,
    restore = {},
    apis,
    principals,
    read,
    env,
    cloud,
  }: Deployment,
  previous: Partial<PreviousDeployment>,
  { retirements, deleted }: Advanced,
  ledger: Ledger,
): RegisteredApps {
  const stack = { apis, principals, read, env, cloud, stackApps: new StackApps(declared) }
  const entries = Object.entries(declared).map(([name, app]) => {
    const former = previous.facts?.[name]
    const state = {
      stack,
      generations: ledger[name] ?? {},
      retirement: retirements[name],
      knownValues: pulumi.secret(previous.values?.[name] ?? {}),
      listOrder: intent?.adopt?.[name]?.listOrder ?? previous.listOrder?.[name] ?? {},
      ...(former && { former }),
      ...(restore[name] && { restore: restore[name] }),
    }
    return [name, new AppRegistration(name, { ...app, ...state }, options)] as const
  })
  const registrations = Object.fromEntries(entries)
  const granted = mapValues(identities, (identity, name) => {
    const { outputs } = new Identity(name, { ...identity, stack, former: previous.facts?.[name] }, options)
    return outputs
  })
  return {
    registrations,
    outputs: {
      apps: mapValues(registrations, ({ outputs }) => outputs),
      secretValues: pulumi.secret(mapValues(registrations, ({ secretValues }) => secretValues)),
      identities: granted,
      ledger: mapValues(registrations, ({ generations }) => generations),
      deletedApps: deleted,
    },
  } as RegisteredApps
}
