import { readConfiguration } from './client/configuration.ts'
import { Graph, type GraphOptions } from './client/graph.ts'
import { Session } from './client/session.ts'
import { FUNCTIONS } from './functions/index.ts'
import { PartiallyCreatedError, PluginError } from './protocol/errors.ts'
import { holdsUnknown, type Properties, UNKNOWN, withoutInternals } from './protocol/wire.ts'
import { RESOURCE_TYPES } from './resources/index.ts'
import type { ResourceType } from './resources/type.ts'
import { type CheckedInputs, checkInputs } from './schema/check.ts'
import { type Change, diffProperties, ignoreChanges } from './schema/diff.ts'
import { inputsAfterRefresh, inputsOfImport } from './schema/inputs.ts'
import { plannedCreation, plannedUpdate } from './schema/plan.ts'
import type { InputFailure } from './schema/property.ts'
import { withoutUnset } from './schema/unset.ts'
import { outputsIn, previewOf, stateOf } from './state.ts'

export interface ProviderOptions extends Omit<GraphOptions, 'signal'> {
  /** Settings that stack config does not give. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. Default: the system clock. */
  readonly now?: () => number
}

export interface Difference {
  readonly changes: Change[]
  /** Outputs that this update will set anew. */
  readonly recomputed: ReadonlySet<string>
  /** Properties whose change replaces the resource, and which do not change. */
  readonly stable: string[]
}

/** What the engine names with each request. */
export interface Subject {
  /** Type token. */
  readonly type: string
  readonly id: string
}

/**
 * The azuread resource types for a local tenant, behind the verbs of Pulumi's provider protocol and free of its wire
 * format. Every verb rejects with {@link PluginError} (or GraphError) on failure.
 */
export class Provider {
  readonly #options: ProviderOptions
  readonly #abort = new AbortController()
  #graph: Graph | undefined

  constructor(options: ProviderOptions = {}) {
    this.#options = options
  }

  /** Finds the tenant and signs in. Settings that are not known yet leave the provider waiting for a later deployment. */
  async configure(settings: Properties): Promise<void> {
    const { env = process.env, now, ...options } = this.#options
    const configuration = readConfiguration(settings, env)
    if (configuration === undefined) return
    const { fetch } = options
    const session = await Session.open(configuration, {
      ...(fetch && { fetch }),
      ...(now && { now }),
    })
    this.#graph = new Graph(session, { ...options, signal: this.#abort.signal })
  }

  check(token: string, news: Properties): CheckedInputs {
    const type = typeOf(token)
    const { inputs, failures } = checkInputs(type.fields, news)
    return { inputs, failures: [...failures, ...(type.validate?.(inputs) ?? [])] }
  }

  diff(token: string, state: Properties, news: Properties, ignored: readonly string[] = []): Difference {
    const type = typeOf(token)
    const olds = outputsIn(state)
    const changes = diffProperties(type.fields, olds, ignoreChanges(withoutInternals(news), olds, ignored))
    const changed = new Set(changes.map(({ property }) => property))
    return {
      changes,
      recomputed: recomputedBy(type, changes),
      stable: Object.keys(type.fields).filter((name) => type.fields[name]!.forceNew && !changed.has(name)),
    }
  }

  async create(
    token: string,
    inputs: Properties,
    preview: boolean,
  ): Promise<{ id: string; state: Properties }> {
    const type = typeOf(token)
    const given = withoutInternals(inputs)
    if (preview) {
      const planned: Properties = { id: UNKNOWN, ...plannedCreation(type.fields, given) }
      return { id: '', state: previewOf(type, planned) }
    }
    let made: { id: string; outputs: Properties } | undefined
    try {
      const outputs = await type.create(this.#connected(), given, (id, outputs = given) => {
        made = { id, outputs }
      })
      const { id } = made!
      return { id, state: stateOf(type, id, withoutUnset(type.fields, given, outputs)) }
    } catch (error) {
      if (made === undefined) throw error
      throw new PartiallyCreatedError(made.id, stateOf(type, made.id, made.outputs), error)
    }
  }

  /**
   * Reads the live object: for a refresh when the state is given, for an import when it is empty.
   *
   * @returns undefined when the object is gone
   */
  async read(
    { type: token, id }: Subject,
    state: Properties,
    inputs: Properties,
  ): Promise<{ state: Properties; inputs: Properties } | undefined> {
    const type = typeOf(token)
    const importing = Object.keys(state).length === 0
    if (importing && type.notImportable !== undefined) {
      throw new PluginError('NOT_IMPORTABLE', `An ${type.noun} cannot be imported: ${type.notImportable}.`)
    }
    const outputs = await type.read(this.#connected(), id, outputsIn(state))
    if (outputs === undefined) return undefined
    return {
      state: stateOf(type, id, outputs),
      inputs: importing
        ? inputsOfImport(type.fields, outputs)
        : inputsAfterRefresh(type.fields, inputs, outputs),
    }
  }

  async update(
    { type: token, id }: Subject,
    state: Properties,
    inputs: Properties,
    { preview, ignored = [] }: { preview: boolean; ignored?: readonly string[] },
  ): Promise<Properties> {
    const type = typeOf(token)
    const olds = outputsIn(state)
    const news = ignoreChanges(withoutInternals(inputs), olds, ignored)
    const { changes, recomputed } = this.diff(token, olds, news)
    if (preview || holdsUnknown(news)) {
      return previewOf(type, { id, ...plannedUpdate(type.fields, olds, news, recomputed) })
    }
    const changed = new Set(changes.map(({ property }) => property))
    const graph = this.#connected()
    const outputs = type.update
      ? await type.update(graph, { id, olds, news, changed })
      : await type.read(graph, id, { ...olds, ...news })
    if (outputs === undefined)
      throw new PluginError('NOT_FOUND', `The ${type.noun} ${id} is gone. Run \`pulumi refresh\`.`)
    return stateOf(type, id, withoutUnset(type.fields, news, outputs))
  }

  async remove({ type: token, id }: Subject, state: Properties): Promise<void> {
    await typeOf(token).remove(this.#connected(), id, outputsIn(state))
  }

  /** Calls a data source. */
  async invoke(token: string, args: Properties): Promise<{ result: Properties; failures: InputFailure[] }> {
    const called = FUNCTIONS.get(token)
    if (called === undefined) throw notServed(token, [...FUNCTIONS.keys()])
    const { inputs, failures } = checkInputs(called.args, args)
    const given = withoutInternals(inputs)
    const all = [...failures, ...(called.validate?.(given) ?? [])]
    if (all.length > 0) return { result: {}, failures: all }
    return { result: await called.call(this.#connected(), given), failures: [] }
  }

  /** Ends waits and starts no further request; verbs that are not done reject with CANCELLED, or as partly created. */
  cancel(): void {
    this.#abort.abort()
  }

  #connected(): Graph {
    if (this.#graph !== undefined) return this.#graph
    throw new PluginError(
      'NOT_CONFIGURED',
      'The azuread provider is not connected to a tenant: its configuration depends on values that are not known yet.',
    )
  }
}

function typeOf(token: string): ResourceType {
  const type = RESOURCE_TYPES.get(token)
  if (type !== undefined) return type
  throw notServed(token, [...RESOURCE_TYPES.keys()])
}

function recomputedBy(type: ResourceType, changes: readonly Change[]): ReadonlySet<string> {
  const touched = (cause: string) =>
    changes.some(({ path }) => isWithin(path, cause) || isWithin(cause, path))
  const rules = Object.entries(type.recomputes ?? {})
  return new Set(rules.filter(([cause]) => touched(cause)).flatMap(([, outputs]) => outputs))
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`)
}

function notServed(token: string, served: readonly string[]): PluginError {
  return new PluginError(
    'NOT_SERVED',
    `The local azuread plugin does not serve ${token}; it serves ${served.join(', ')}. ` +
      'The official plugin has every type: point ENTRA_APPS_AZUREAD_PLUGIN at its binary, or `pulumi plugin install resource azuread`.',
  )
}
