import type { Data } from '../store/entity.ts'
import type { SeedEntity } from './drive.ts'

const role = (id: string, displayName: string): Data => ({
  allowedMemberTypes: ['User'],
  description: displayName,
  displayName,
  id,
  isEnabled: true,
  origin: 'Application',
  value: null,
})

/** The roles that most templates bring, with the ids that Microsoft's tutorials show. */
const USUAL_ROLES = [
  role('18d14569-c3bd-439b-9a66-3a2aee01d14f', 'User'),
  role('b9632174-c057-4f7e-951b-be3adc52bfe6', 'msiam_access'),
]

/** By id: the template for what is not in the gallery, and those of it that documentation and tutorials use. */
const TEMPLATES: { readonly [id: string]: Data } = {
  '8adf8e6e-67b2-4cf2-a259-e3dc5476c621': {
    displayName: 'Custom',
    publisher: 'Microsoft',
    description: 'An application that is not in the gallery.',
    supportedSingleSignOnModes: ['saml', 'password', 'oidc'],
    appRoles: USUAL_ROLES,
  },
  '8b1025e4-1dd2-430b-a150-2ef79cd700f5': {
    displayName: 'AWS Single-Account Access',
    publisher: 'Amazon Web Services',
    description: 'Federate identities of the tenant to one account of Amazon Web Services.',
    homePageUrl: 'http://aws.amazon.com/',
    categories: ['developerServices', 'itInfrastructure', 'security', 'New'],
    supportedProvisioningTypes: ['sync'],
    supportedSingleSignOnModes: ['password', 'saml', 'external'],
    appRoles: USUAL_ROLES,
  },
  '4601ed45-8ff3-4599-8377-b6649007e876': {
    displayName: 'Marketo',
    publisher: 'Marketo',
    description: 'Marketing automation.',
    homePageUrl: 'https://www.marketo.com/',
    categories: ['marketing'],
    supportedSingleSignOnModes: ['password', 'saml', 'external'],
    appRoles: [role('dfd0e7dd-26fb-4b2c-98d2-e444486c1e37', 'msiam_access')],
  },
  '9c9818d2-2900-49e8-8ba4-22688be7c675': {
    displayName: 'Azure Databricks SCIM Provisioning Connector',
    publisher: 'Databricks',
    description: 'Provision users and groups to a Databricks account.',
    homePageUrl: 'https://databricks.com/',
    categories: ['developerServices'],
    supportedProvisioningTypes: ['sync'],
    appRoles: USUAL_ROLES,
  },
}

/** The application gallery, as far as this tenant has one. */
export const applicationTemplates: readonly SeedEntity[] = Object.entries(TEMPLATES).map(([id, data]) => ({
  set: 'applicationTemplates',
  id,
  data: { logoUrl: `https://images.example.com/${id}.png`, ...data },
}))
