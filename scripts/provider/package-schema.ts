import { z } from 'zod'
import { OUTPUT_SETTINGS } from '../../infra/declaration/output-settings.ts'
import { appDeclaration } from '../../infra/declaration/schema.ts'
import { mapValues } from '../../lib/map-values.ts'
import { MANIFEST } from '../lib/manifest.ts'
import { ANY, type JsonSchema, PackageTypes, type PropertySpec } from './package-types.ts'
import { type OwnResource, RESOURCES } from './resources.ts'

/** The component as programs of every language name it. */
export const COMPONENT = 'entra-apps:index:AppRegistration'

/** Settings that are outputs of other resources, or hold some that may be. */
const TAKING_OUTPUTS = new Set(Object.keys(OUTPUT_SETTINGS).map((path) => path.split('.')[0]))

/** Of what one entry is, where the setting does not say it. */
const TYPE_NAMES = {
  accessToken: 'OptionalClaim',
  idToken: 'OptionalClaim',
  saml2Token: 'OptionalClaim',
  claim: 'MappedClaim',
  consented: 'Permission',
  admin: 'AdminConsent',
  user: 'UserConsent',
  deliver: 'DeliveryTarget',
  suppress: 'Suppression',
}

const VALUES: PropertySpec = { type: 'object', additionalProperties: { type: 'string' } }

/** What `construct` answers: the members of the component of the same names. */
const OUTPUTS: Readonly<Record<string, PropertySpec>> = {
  clientId: { type: 'string', description: 'Application (client) id.' },
  objectId: { type: 'string', description: 'Object id of the application.' },
  servicePrincipalId: { type: 'string', description: 'Object id of the service principal.' },
  currentSecrets: {
    ...VALUES,
    secret: true,
    description:
      'The values that consumers use now, by name of the credential; of a certificate that is made here, key and certificate as PEM.',
  },
  outputs: {
    ...ANY,
    description:
      'What scripts and consumers may know, free of secrets. Export it below `apps`, under the name of the component.',
  },
  generations: {
    ...ANY,
    description:
      'The generations of each credential. Export them below `ledger`, under the name of the component: the next deployment reads them there.',
  },
  secretValues: {
    type: 'object',
    additionalProperties: VALUES,
    secret: true,
    description:
      'Secret values by name of the credential and generation. Export them below `secretValues`, under the name of the component.',
  },
}

/** The schema of the Pulumi package, as JSON: what the plugin answers to `GetSchema`. */
export function packageSchema(): string {
  const declaration = z.toJSONSchema(appDeclaration, { io: 'input' }) as JsonSchema
  const types = new PackageTypes('entra-apps:index:', TYPE_NAMES)
  const { properties, required } = types.object(declaration)
  const component = {
    description:
      'A Microsoft Entra application that works: the registration, its service principal, client secrets, API permissions by name, and the consent of the whole tenant.',
    isComponent: true,
    inputProperties: mapValues(properties, (each, name) =>
      TAKING_OUTPUTS.has(name) ? each : { ...each, plain: true },
    ),
    requiredInputs: required,
    properties: OUTPUTS,
    required: Object.keys(OUTPUTS),
  }
  const schema = {
    name: 'entra-apps',
    displayName: 'Microsoft Entra app registrations',
    version: MANIFEST.version,
    description: MANIFEST.description,
    keywords: ['category/cloud', 'kind/component'],
    license: 'Apache-2.0',
    language: Object.fromEntries(
      ['nodejs', 'python', 'go', 'csharp'].map((language) => [language, { respectSchemaVersion: true }]),
    ),
    config: {},
    provider: {},
    types: types.all,
    resources: {
      [COMPONENT]: component,
      ...mapValues(RESOURCES, (resource) => custom(resource, types)),
    },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** A resource keeps what it is given: there is nothing that the service adds. */
function custom({ description, inputs, identity }: OwnResource, types: PackageTypes) {
  const { properties: all, required } = types.object(z.toJSONSchema(inputs, { io: 'input' }) as JsonSchema)
  const properties = mapValues(all, (each, name) =>
    identity.includes(name) ? { ...each, willReplaceOnChanges: true } : each,
  )
  // The provider fills it in from the environment.
  const requiredInputs = required.filter((name) => name !== 'tenantId')
  return { description, properties, required, inputProperties: properties, requiredInputs }
}
