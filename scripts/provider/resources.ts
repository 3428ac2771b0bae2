import { z } from 'zod'
import type { Problem } from '../../infra/declaration/problems.ts'
import { guid } from '../../infra/declaration/schema/names.ts'
import { siteUrl } from '../../infra/declaration/schema/rights.ts'
import { shapeProblems } from '../../infra/declaration/shape-problems.ts'
import { SITE_ROLES, type SiteRole } from '../../microsoft/sites.ts'
import type { ProviderGraph } from './graph.ts'
import { activate, deactivate, readActive, type SigningChoice } from './signing-certificate.ts'
import { createGrant, deleteGrant, readGrant, type SiteGrant, updateGrant } from './site-permissions.ts'

/** Everything that the program says of a resource. */
export type Properties = Readonly<Record<string, string>>

/** A resource type of the provider: what is done in Graph. */
export interface OwnResource {
  /** What it is, and what it is imported by. */
  readonly description: string
  /** What a program says of it, with `tenantId` and `cloud`, by which the provider logs in. */
  readonly inputs: z.ZodType
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

const login = {
  tenantId: z
    .string()
    .refine((id) => id !== '', {
      error: 'no tenant is named',
      params: { fix: 'set tenantId, or the environment variable ARM_TENANT_ID' },
    })
    .describe('The tenant that is changed. Default: that of ARM_TENANT_ID'),
  cloud: z
    .enum(['usgovernment', 'usgovernmentl5', 'china'])
    .optional()
    .describe('The national cloud of the tenant. Default: that of the environment, else the public one'),
}

const sitePermission: OwnResource = {
  description:
    'A role of an application on one SharePoint site, which counts with the permission Sites.Selected. Imported by {site id}/permissions/{permission id}.',
  inputs: z.strictObject({
    siteUrl: siteUrl.describe('Address of the site, without a slash in the end'),
    clientId: guid.describe('Client id of the application'),
    displayName: z.string().describe('Shown on the site. A change of it alone changes nothing'),
    role: z.enum(SITE_ROLES),
    ...login,
  }),
  identity: ['siteUrl', 'clientId', 'tenantId'],
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
  description:
    'Which certificate signs the SAML tokens of a service principal. Imported by the object id of the service principal.',
  inputs: z.strictObject({
    servicePrincipalId: guid.describe('Object id of the service principal'),
    thumbprint: z
      .string()
      .regex(/^[0-9A-F]{40}$/i, 'a thumbprint is the SHA-1 of the certificate: 40 hexadecimal digits')
      .describe('SHA-1 of the certificate: 40 hexadecimal digits'),
    ...login,
  }),
  identity: ['servicePrincipalId', 'tenantId'],
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

/** By the token that programs name it by. */
export const RESOURCES: Readonly<Record<string, OwnResource>> = {
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

/** Every mistake in what a program says of the resource. */
export function problemsIn({ inputs }: OwnResource, values: Properties): Problem[] {
  const checked = inputs.safeParse(values, { reportInput: true })
  return checked.success ? [] : checked.error.issues.flatMap((issue) => shapeProblems(issue, inputs))
}
