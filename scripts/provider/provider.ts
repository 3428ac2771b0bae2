import type { ComponentResourceOptions, Inputs } from '@pulumi/pulumi'
import type { Provider } from '@pulumi/pulumi/provider/index.js'
import { MANIFEST } from '../lib/manifest.ts'
import { requireDeployer } from '../proof/connection/deployer.ts'
import { discoverEndpoints, inCloud } from '../proof/connection/endpoints.ts'
import { openPorts } from '../proof/connection/open-ports.ts'
import type { ProofPorts } from '../proof/model/ports.ts'
import { ProviderGraph } from './graph.ts'
import { COMPONENT, packageSchema } from './package-schema.ts'
import { type Properties, problemsIn, resourceOf } from './resources.ts'
import { isSecret, isUnknown, markedLike, plain, type WireProperties } from './wire-properties.ts'

/**
 * Pulumi's resource provider `entra-apps`: the component for programs of every language, and what no other provider has,
 * permissions of applications on chosen SharePoint sites (Sites.Selected) and which certificate signs SAML tokens. It logs
 * in as the deployer does: `ARM_*`, else whatever this machine is logged in with.
 */
export class EntraAppsProvider implements Provider {
  readonly version = MANIFEST.version
  readonly #env: NodeJS.ProcessEnv
  readonly #open: (endpoints: Parameters<typeof openPorts>[0]) => ProofPorts
  readonly #graphs = new Map<string, Promise<ProviderGraph>>()

  constructor(env: NodeJS.ProcessEnv, open: typeof openPorts = openPorts) {
    this.#env = env
    this.#open = open
  }

  async getSchema() {
    return packageSchema()
  }

  /** The component is loaded when a program has one: the declarative program brings its own. */
  async construct(name: string, type: string, inputs: Inputs, options: ComponentResourceOptions) {
    if (type !== COMPONENT) throw new RangeError(`The provider entra-apps has no component ${type}.`)
    const { constructAppRegistration } = await import('./construct.ts')
    return constructAppRegistration(name, inputs, options, this.#env)
  }

  async check(urn: string, _olds: unknown, news: WireProperties) {
    const inputs: WireProperties = { tenantId: this.#env['ARM_TENANT_ID'] ?? '', ...news }
    const failures = problemsIn(resourceOf(urn), plain(inputs)).map(({ path, message, fix }) => ({
      property: String(path[0]),
      // The fix may show what was written.
      reason: `${message}. → ${isSecret(inputs[String(path[0])]) ? 'correct the value, which is a secret' : fix}.`,
    }))
    return { inputs, failures: failures.filter(({ property }) => !isUnknown(inputs[property])) }
  }

  async diff(_id: string, urn: string, state: WireProperties, inputs: WireProperties) {
    const { identity, changeable } = resourceOf(urn)
    const [olds, news] = [plain(state), plain(inputs)]
    const replaces = identity.filter((name) => !same(olds[name], news[name]))
    return { changes: replaces.length > 0 || !same(olds[changeable], news[changeable]), replaces }
  }

  async create(urn: string, inputs: WireProperties) {
    const values = plain(inputs)
    const id = await resourceOf(urn).create(await this.#graph(values), values)
    return { id, outs: inputs }
  }

  async read(id: string, urn: string, state: WireProperties = {}) {
    const values = plain(state)
    const { tenantId = this.#env['ARM_TENANT_ID'] ?? '', cloud } = values
    const common = { tenantId, ...(cloud && { cloud }) }
    const found = await resourceOf(urn).read(await this.#graph(common), id, values)
    if (!found) return { id: '', props: {} }
    const props = markedLike(state, { ...found, ...common })
    return { id, props, inputs: props }
  }

  async update(id: string, urn: string, _olds: WireProperties, news: WireProperties) {
    const values = plain(news)
    await resourceOf(urn).update(await this.#graph(values), id, values)
    return { outs: news }
  }

  async delete(id: string, urn: string, state: WireProperties) {
    const values = plain(state)
    await resourceOf(urn).remove(await this.#graph(values), id, values)
  }

  /** One login for each tenant, however many grants there are. */
  #graph(properties: Properties): Promise<ProviderGraph> {
    const { tenantId = '', cloud } = properties
    const key = `${tenantId} ${cloud}`
    const known = this.#graphs.get(key)
    if (known) return known
    const opened = this.#login(tenantId, cloud)
    this.#graphs.set(key, opened)
    return opened
  }

  async #login(tenantId: string, cloud: string | undefined): Promise<ProviderGraph> {
    const env = { ...inCloud(this.#env, cloud), ...(tenantId && { ARM_TENANT_ID: tenantId }) }
    return new ProviderGraph(this.#open(await discoverEndpoints(env)), requireDeployer(env))
  }
}

/** Graph spells ids, thumbprints and host names in either case. */
function same(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase()
}
