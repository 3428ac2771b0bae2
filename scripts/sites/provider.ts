import type { Provider } from '@pulumi/pulumi/provider/index.js'
import type { SiteRole } from '../../microsoft/sites.ts'
import { MANIFEST } from '../lib/manifest.ts'
import { requireDeployer } from '../proof/connection/deployer.ts'
import { discoverEndpoints, inCloud } from '../proof/connection/endpoints.ts'
import { openPorts } from '../proof/connection/open-ports.ts'
import type { ProofPorts } from '../proof/model/ports.ts'
import { SiteGraph } from './graph.ts'
import { createGrant, deleteGrant, readGrant, type SiteGrant, updateGrant } from './site-permissions.ts'

/** What the program says of a grant, and the state keeps: all that is needed to log in again. */
interface SiteProperties extends SiteGrant {
  /** The tenant that the azuread provider deploys to. */
  readonly tenantId: string
  /** The stack's `azuread:environment`; left out for the environment's. */
  readonly cloud?: string
}

/** A change of these is another grant. */
const IDENTITY = ['siteUrl', 'clientId', 'tenantId'] as const

/**
 * Pulumi's resource provider `entra-apps`: permissions of applications on chosen SharePoint sites (Sites.Selected), which no
 * other provider has. It logs in as the deployer does: `ARM_*`, else whatever this machine is logged in with.
 */
export class SiteProvider implements Provider {
  readonly version = MANIFEST.version
  readonly #env: NodeJS.ProcessEnv
  readonly #open: (endpoints: Parameters<typeof openPorts>[0]) => ProofPorts
  readonly #graphs = new Map<string, Promise<SiteGraph>>()

  constructor(env: NodeJS.ProcessEnv, open: typeof openPorts = openPorts) {
    this.#env = env
    this.#open = open
  }

  async check(_urn: string, _olds: unknown, news: unknown) {
    return { inputs: news }
  }

  async diff(_id: string, _urn: string, olds: SiteProperties, news: SiteProperties) {
    const replaces = IDENTITY.filter((name) => !same(olds[name], news[name]))
    return { changes: replaces.length > 0 || olds.role !== news.role, replaces: [...replaces] }
  }

  async create(_urn: string, inputs: SiteProperties) {
    const id = await createGrant(await this.#graph(inputs), inputs)
    return { id, outs: inputs }
  }

  async read(id: string, _urn: string, state: Partial<SiteProperties> = {}) {
    const tenantId = state.tenantId ?? this.#env['ARM_TENANT_ID'] ?? ''
    const common = { tenantId, ...(state.cloud && { cloud: state.cloud }) }
    const grant = await readGrant(await this.#graph(common), id, state.siteUrl)
    if (!grant) return { id: '', props: {} }
    const props = { ...grant, displayName: state.displayName ?? grant.displayName, ...common }
    return { id, props, inputs: props }
  }

  async update(id: string, _urn: string, _olds: SiteProperties, news: SiteProperties) {
    await updateGrant(await this.#graph(news), id, news.role as SiteRole)
    return { outs: news }
  }

  async delete(id: string, _urn: string, state: SiteProperties) {
    await deleteGrant(await this.#graph(state), id)
  }

  /** One login for each tenant, however many grants there are. */
  #graph({ tenantId, cloud }: Pick<SiteProperties, 'tenantId' | 'cloud'>): Promise<SiteGraph> {
    const key = `${tenantId} ${cloud}`
    const known = this.#graphs.get(key)
    if (known) return known
    const opened = this.#login(tenantId, cloud)
    this.#graphs.set(key, opened)
    return opened
  }

  async #login(tenantId: string, cloud: string | undefined): Promise<SiteGraph> {
    const env = { ...inCloud(this.#env, cloud), ...(tenantId && { ARM_TENANT_ID: tenantId }) }
    return new SiteGraph(this.#open(await discoverEndpoints(env)), requireDeployer(env))
  }
}

/** Graph spells ids and host names in either case. */
function same(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase()
}
