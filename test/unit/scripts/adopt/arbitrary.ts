import fc from 'fast-check'
import { type AppDeclaration, appDeclaration } from '../../../../infra/declaration/schema.ts'
import { OPTIONAL_CLAIM_PROPERTIES } from '../../../../microsoft/optional-claims.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
const words = (maxLength = 3) => fc.uniqueArray(word, { maxLength })
const uuid = fc.uuid()
const url = word.map((each) => `https://${each}.example/`)
const urls = fc.uniqueArray(url, { maxLength: 3 })
/** Sometimes there, never `undefined`. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const text = fc.record({ displayName: word, description: word })
const scope = fc.record({
  id: uuid,
  consentBy: fc.constantFrom('admins', 'users'),
  admin: text,
  user: maybe(fc.record({ displayName: maybe(word), description: maybe(word) })),
  enabled: fc.boolean(),
})
const appRole = fc.record({
  id: uuid,
  displayName: word,
  description: word,
  for: fc.uniqueArray(fc.constantFrom('users', 'applications'), { minLength: 1 }),
  enabled: fc.boolean(),
})
const claim = fc.record({
  name: word,
  source: maybe(fc.constant('user')),
  essential: fc.boolean(),
  additionalProperties: fc.uniqueArray(fc.constantFrom(...OPTIONAL_CLAIM_PROPERTIES), { maxLength: 3 }),
})
const claims = fc.uniqueArray(claim, { maxLength: 3, selector: ({ name, source }) => `${name} ${source}` })

const federated = fc.oneof(
  fc.record({
    github: fc
      .tuple(
        word,
        fc.oneof(
          fc
            .constantFrom('branch', 'tag', 'environment')
            .chain((kind) => word.map((name) => ({ [kind]: name }))),
          fc.constant({ pullRequest: true }),
        ),
      )
      .chain(([name, event]) =>
        maybe(fc.record({ ownerId: fc.integer({ min: 1 }), repositoryId: fc.integer({ min: 1 }) })).map(
          (ids) => ({
            repository: `contoso/${name}`,
            ...ids,
            ...event,
          }),
        ),
      ),
  }),
  fc.record({
    matching: fc.record({
      issuer: fc.oneof(fc.constantFrom('github', 'gitlab', 'terraformCloud'), url),
      expression: word.map((name) => `claims['sub'] matches 'repo:${name}/*'`),
    }),
  }),
  fc.record({ gitlab: fc.record({ project: word.map((name) => `group/${name}`), branch: word }) }),
  fc.record({
    terraformCloud: fc.record({
      organization: word,
      project: word,
      workspace: word,
      runPhase: fc.constantFrom('plan', 'apply'),
    }),
  }),
  fc.record({ managedIdentity: fc.record({ objectId: uuid }) }),
  fc.record({
    azurePipelines: fc.record({ issuer: url, subject: word.map((name) => `/eid1/c/pub/t/${name}`) }),
  }),
  fc.record({ kubernetes: fc.record({ issuer: url, namespace: word, serviceAccount: word }) }),
  fc.record({
    azurePipelines: fc.record({
      organization: word,
      organizationId: uuid,
      project: word,
      serviceConnection: word,
    }),
  }),
  fc.record({ other: fc.record({ issuer: url, subject: word }) }),
)

/** API of the tenant that random declarations ask. */
export const API = {
  name: 'Some API',
  appId: '0a000000-0000-4000-8000-000000000001',
  servicePrincipalId: '0a000000-0000-4000-8000-000000000002',
  roles: {
    'Things.Read.All': '0a000000-0000-4000-8000-000000000003',
    'Things.Write': '0a000000-0000-4000-8000-000000000004',
  },
  scopes: {
    'Thing.Read': '0a000000-0000-4000-8000-000000000005',
    'Thing.Write': '0a000000-0000-4000-8000-000000000006',
  },
}

const permissions = fc
  .record({
    application: fc.subarray(Object.keys(API.roles)),
    delegated: fc.subarray(Object.keys(API.scopes)),
  })
  .filter(({ application, delegated }) => application.length + delegated.length > 0)

/**
 * Random declarations of everything that can be adopted: people, clients and other APIs by their ids, scopes and app
 * roles with ids of their own, as the ones that exist have.
 */
export const declarations: fc.Arbitrary<AppDeclaration> = fc
  .record({
    displayName: word,
    description: maybe(word),
    signInAudience: fc.constantFrom('AzureADMyOrg', 'AzureADMultipleOrgs', 'PersonalMicrosoftAccount'),
    redirectUris: fc.record({
      web: urls,
      spa: urls,
      publicClient: fc.oneof(urls, fc.constant(['http://localhost'])),
    }),
    web: fc.record({
      homepage: maybe(url),
      logoutUrl: maybe(url),
      implicitGrant: fc.record({ accessTokens: fc.boolean(), idTokens: fc.boolean() }),
    }),
    fallbackPublicClient: fc.boolean(),
    deviceOnlyAuth: fc.boolean(),
    postResponseRequired: fc.boolean(),
    info: fc.record({
      marketing: maybe(url),
      privacyStatement: maybe(url),
      support: maybe(url),
      termsOfService: maybe(url),
    }),
    identifierUris: fc.subarray(['api://{clientId}', 'api://{tenantId}/things', 'urn:things']),
    accessTokenVersion: maybe(fc.constant(2)),
    scopes: fc.dictionary(
      word.map((each) => `Scope.${each}`),
      scope,
      { maxKeys: 3 },
    ),
    appRoles: fc.dictionary(
      word.map((each) => `Role.${each}`),
      appRole,
      { maxKeys: 3 },
    ),
    knownClients: fc.uniqueArray(uuid, { maxLength: 2 }),
    claims: fc.record({
      accessToken: claims,
      idToken: claims,
      saml2Token: claims,
      groups: fc.subarray(['All', 'ApplicationGroup', 'DirectoryRole', 'SecurityGroup']),
      acceptMapped: fc.boolean(),
    }),
    owners: fc.uniqueArray(uuid, { maxLength: 2 }),
    deployerIsOwner: fc.boolean(),
    tags: words(),
    notes: maybe(word),
    serviceManagementReference: maybe(word),
    servicePrincipal: fc.record({
      enabled: fc.boolean(),
      assignmentRequired: fc.boolean(),
      visibleToUsers: fc.boolean(),
      description: maybe(word),
      notes: maybe(word),
      notificationEmailAddresses: words(),
      loginUrl: maybe(url),
      alternativeNames: words(),
      singleSignOn: fc.record({ mode: maybe(fc.constantFrom('oidc', 'saml')), relayState: maybe(url) }),
      tags: words(),
    }),
    permissions: fc.oneof(
      fc.constant({}),
      permissions.map((each) => ({ [API.name]: each })),
    ),
    federatedCredentials: fc.dictionary(word, federated, { maxKeys: 3 }),
  })
  .map((declared) => appDeclaration.parse(JSON.parse(JSON.stringify(declared))))
