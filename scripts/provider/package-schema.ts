import { z } from 'zod'
import { OUTPUT_SETTINGS } from '../../infra/declaration/output-settings.ts'
import { appDeclaration } from '../../infra/declaration/schema.ts'
import { mapValues } from '../../lib/map-values.ts'
import { SITE_ROLES } from '../../microsoft/sites.ts'
import { MANIFEST } from '../lib/manifest.ts'
import { ANY, type JsonSchema, type ObjectSpec, PackageTypes, type PropertySpec } from './package-types.ts'

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

const login: Readonly<Record<string, PropertySpec>> = {
  tenantId: replacing('The tenant that is changed.'),
  cloud: {
    type: 'string',
    description:
      'One of: usgovernment, usgovernmentl5, china. Default: that of the environment, else the public one.',
  },
}

const SITE_PERMISSION: ObjectSpec = {
  type: 'object',
  description:
    'A role of an application on one SharePoint site, which counts with the permission Sites.Selected.',
  properties: {
    siteUrl: replacing('Address of the site, without a slash in the end.'),
    clientId: replacing('Client id of the application.'),
    displayName: { type: 'string', description: 'Shown on the site.' },
    role: { type: 'string', description: `One of: ${SITE_ROLES.join(', ')}.` },
    ...login,
  },
  required: ['siteUrl', 'clientId', 'displayName', 'role', 'tenantId'],
}

const ACTIVE_SIGNING_CERTIFICATE: ObjectSpec = {
  type: 'object',
  description: 'Which certificate signs the SAML tokens of a service principal.',
  properties: {
    servicePrincipalId: replacing('Object id of the service principal.'),
    thumbprint: {
      type: 'string',
      description: 'SHA-1 of the certificate: 40 upper-case hexadecimal digits.',
    },
    ...login,
  },
  required: ['servicePrincipalId', 'thumbprint', 'tenantId'],
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
      'entra-apps:index:SitePermission': custom(SITE_PERMISSION),
      'entra-apps:index:ActiveSigningCertificate': custom(ACTIVE_SIGNING_CERTIFICATE),
    },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** A change of it is another object. */
function replacing(description: string): PropertySpec {
  return { type: 'string', willReplaceOnChanges: true, description }
}

/** A resource keeps what it is given: there is nothing that the service adds. */
function custom({ description, properties, required }: ObjectSpec) {
  return { description, properties, required, inputProperties: properties, requiredInputs: required }
}
