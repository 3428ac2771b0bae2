import type { SiteRole } from '../../microsoft/sites.ts'
import type { ProviderGraph } from './graph.ts'
import { activate, deactivate, readActive, type SigningChoice } from './signing-certificate.ts'
import { createGrant, deleteGrant, readGrant, type SiteGrant, updateGrant } from './site-permissions.ts'

/** Everything that the program says of a resource, the login left aside. */
export type Properties = Readonly<Record<string, string>>

/** A resource type of the provider: what is done in Graph. */
export interface OwnResource {
  /** A change of these is another object. */
  readonly identity: readonly string[]
  /** Changed in place. */
  readonly changeable: string
  /** @returns the id of the resource */
  create(graph: ProviderGraph, inputs: Properties): Promise<string>
  /** @returns undefined when it is gone */
  read(graph: ProviderGraph, id: string, state: Properties): Promise<Properties | undefined>
  update(graph: ProviderGraph, id: string, inputs: Properties): Promise<void>
  remove(graph: ProviderGraph, id: string, state: Properties): Promise<void>
}

const sitePermission: OwnResource = {
  identity: ['siteUrl', 'clientId'],
  changeable: 'role',
  create: (graph, inputs) => createGrant(graph, inputs as unknown as SiteGrant),
  async read(graph, id, state) {
    const grant = await readGrant(graph, id, state['siteUrl'])
    return grant && { ...grant, displayName: state['displayName'] ?? grant.displayName }
  },
  update: (graph, id, inputs) => updateGrant(graph, id, inputs['role'] as SiteRole),
  remove: deleteGrant,
}

const activeSigningCertificate: OwnResource = {
  identity: ['servicePrincipalId'],
  changeable: 'thumbprint',
  create: (graph, inputs) => activate(graph, inputs as unknown as SigningChoice),
  async read(graph, id) {
    const active = await readActive(graph, id)
    return active && { ...active }
  },
  async update(graph, _id, inputs) {
    await activate(graph, inputs as unknown as SigningChoice)
  },
  remove: (graph, _id, state) => deactivate(graph, state as unknown as SigningChoice),
}

const RESOURCES: Readonly<Record<string, OwnResource>> = {
  'entra-apps:index:SitePermission': sitePermission,
  'entra-apps:index:ActiveSigningCertificate': activeSigningCertificate,
}

/**
 * The resource type that a URN names: `urn:pulumi:stack::project::parent type$type::name`.
 *
 * @throws RangeError
 */
export function resourceOf(urn: string): OwnResource {
  const type = urn.split('::')[2]?.split('$').at(-1) ?? ''
  const resource = RESOURCES[type]
  if (resource) return resource
  throw new RangeError(`The provider entra-apps does not serve ${type || urn}.`)
}
