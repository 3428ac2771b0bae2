import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { checkSecrets } from '../rotation/policy.ts'
import { namesOf, repeatedInStack } from './of-stack.ts'
import { above, type Rule, repeated, type Violation } from './rule.ts'

const VALIDATION = 'Validation differences by supported account types'
const SERVICE_LIMITS = 'Microsoft Entra service limits and restrictions'
const APPLICATION = 'application resource type'

const NAME_WORK = 120
const NAME_PERSONAL = 90
const MAX_TEXT = 1024
const MANIFEST_WARNING = 1000
const MANIFEST_LIMIT = 1200
const MAX_OWNERS = 100
const MAX_TAG = 256
const MAX_CREATED = 250

function everyTag(app: AppDeclaration): { tag: string; path: (string | number)[] }[] {
  return [
    ...app.tags.map((tag, i) => ({ tag, path: ['tags', i] })),
    ...app.servicePrincipal.tags.map((tag, i) => ({ tag, path: ['servicePrincipal', 'tags', i] })),
  ]
}

function eachTag(judge: (tag: string) => string | undefined): Rule['check'] {
  return (app) =>
    everyTag(app).flatMap(({ tag, path }) => {
      const message = judge(tag)
      return message ? [{ path, message, found: tag }] : []
    })
}

/** Items that count towards the size of the manifest: everything that is an entry of a list. */
function manifestItems(app: AppDeclaration): number {
  const { web, spa, publicClient } = app.redirectUris
  const permissions = Object.values(app.permissions)
  return [
    ...[web, spa, publicClient, app.identifierUris, app.knownClients, app.tags],
    ...permissions.flatMap(({ application, delegated }) => [application, delegated]),
    ...[app.scopes, app.appRoles, app.certificates, app.secrets].map(Object.keys),
    ...Object.values(app.preAuthorizedClients),
    ...[app.claims.accessToken, app.claims.idToken, app.claims.saml2Token],
  ].reduce((sum, list) => sum + list.length, permissions.length)
}

const nameLength = (app: AppDeclaration, limit: number): readonly Violation[] =>
  above(limit, app.displayName.length, ['displayName'], (count) => `the name has ${count} characters`)

const manifest = (app: AppDeclaration, limit: number): readonly Violation[] =>
  above(limit, manifestItems(app), [], (count) => `the registration holds ${count} items in all`)

const repeatedNames = repeatedInStack(
  (app, { displayName }) => [{ app, displayName }],
  ({ displayName }) => displayName.toLowerCase(),
)

/** Rules about the application object as a whole. */
export const applicationObjectRules: readonly Rule[] = [
  {
    code: 'EA201',
    name: 'display-name-length',
    severity: 'error',
    summary: `The display name has at most ${NAME_WORK} characters.`,
    limit: NAME_WORK,
    fix: 'shorten it',
    source: VALIDATION,
    check: (app) => (includesPersonalAccounts(app) ? [] : nameLength(app, NAME_WORK)),
  },
  {
    code: 'EA202',
    name: 'display-name-length-personal',
    severity: 'error',
    summary: `With personal accounts the display name has at most ${NAME_PERSONAL} characters.`,
    limit: NAME_PERSONAL,
    fix: 'shorten it',
    source: VALIDATION,
    check: (app) => (includesPersonalAccounts(app) ? nameLength(app, NAME_PERSONAL) : []),
  },
  {
    code: 'EA203',
    name: 'display-name-twice',
    severity: 'warning',
    needsWhole: 'stack',
    summary: 'No two applications of a stack have the same display name.',
    fix: 'use distinct names: people choose by this name in the portal and on consent pages',
    source: APPLICATION,
    check: ({ displayName }, context) =>
      repeatedNames(context).map(([, first]) => ({
        path: ['displayName'],
        message: `"${displayName}" is also the name of "${first.app}"`,
        found: displayName,
      })),
  },
  {
    code: 'EA204',
    name: 'text-length',
    severity: 'error',
    summary: `Descriptions and notes have at most ${MAX_TEXT} characters.`,
    limit: MAX_TEXT,
    fix: 'shorten it, or link to a longer text',
    source: APPLICATION,
    check: (app) =>
      (
        [
          [['description'], app.description],
          [['notes'], app.notes],
          [['servicePrincipal', 'description'], app.servicePrincipal.description],
          [['servicePrincipal', 'notes'], app.servicePrincipal.notes],
        ] as const
      ).flatMap(([path, text = '']) =>
        above(MAX_TEXT, text.length, path, (count) => `the text has ${count} characters`),
      ),
  },
  {
    code: 'EA205',
    name: 'manifest-nearly-full',
    severity: 'warning',
    summary: `The registration holds at most ${MANIFEST_WARNING} items in all lists together.`,
    limit: MANIFEST_WARNING,
    fix: 'remove unused entries, or split the application before the limit of 1200 is reached',
    source: VALIDATION,
    check: (app) => (manifestItems(app) > MANIFEST_LIMIT ? [] : manifest(app, MANIFEST_WARNING)),
  },
  {
    code: 'EA206',
    name: 'manifest-full',
    severity: 'error',
    summary: `The registration holds at most ${MANIFEST_LIMIT} items in all lists together.`,
    limit: MANIFEST_LIMIT,
    fix: 'remove unused entries, or split the application',
    source: SERVICE_LIMITS,
    check: (app) => manifest(app, MANIFEST_LIMIT),
  },
  {
    code: 'EA207',
    name: 'owner-count',
    severity: 'error',
    summary: `An application has at most ${MAX_OWNERS} owners, the deployer included.`,
    limit: MAX_OWNERS,
    fix: 'let a group work through a service principal, or remove owners',
    source: SERVICE_LIMITS,
    check: ({ owners, deployerIsOwner }) =>
      above(
        MAX_OWNERS,
        owners.length + Number(deployerIsOwner),
        ['owners'],
        (count) => `${count} owners with the deployer`,
      ),
  },
  {
    code: 'EA208',
    name: 'tag-length',
    severity: 'error',
    summary: `A tag has 1 to ${MAX_TAG} characters.`,
    limit: MAX_TAG,
    fix: 'write a short word',
    source: SERVICE_LIMITS,
    check: eachTag((tag) =>
      tag.length >= 1 && tag.length <= MAX_TAG ? undefined : `the tag has ${tag.length} characters`,
    ),
  },
  {
    code: 'EA209',
    name: 'tag-white-space',
    severity: 'error',
    summary: 'A tag has no white space.',
    fix: 'use a hyphen',
    source: SERVICE_LIMITS,
    check: eachTag((tag) => (/\s/.test(tag) ? `the tag "${tag}" has white space` : undefined)),
  },
  {
    code: 'EA210',
    name: 'tag-twice',
    severity: 'error',
    summary: 'A tag is listed once.',
    fix: 'keep one of the two',
    source: SERVICE_LIMITS,
    check: (app) =>
      repeated(everyTag(app), ({ tag, path }) => `${path.length} ${tag.toLowerCase()}`).map(
        ([{ tag, path }]) => ({
          path,
          message: `the tag "${tag}" is listed twice`,
          found: tag,
        }),
      ),
  },
  {
    code: 'EA211',
    name: 'secrets-personal',
    severity: 'error',
    summary:
      'With personal accounts an application declares one client secret: two may exist, and rotation needs both.',
    limit: 2,
    fix: 'declare one secret and let its consumers share it, or register a second application',
    source: VALIDATION,
    check: checkSecrets,
  },
  {
    code: 'EA212',
    name: 'token-version-personal',
    severity: 'error',
    summary: 'With personal accounts access tokens are of version 2.',
    fix: 'remove accessTokenVersion, or set it to 2',
    source: VALIDATION,
    check: (app) =>
      includesPersonalAccounts(app) && app.accessTokenVersion === 1
        ? [
            {
              path: ['accessTokenVersion'],
              message: `${app.signInAudience} has no tokens of version 1`,
              found: 1,
            },
          ]
        : [],
  },
  {
    code: 'EA213',
    name: 'personal-national-cloud',
    severity: 'error',
    summary: 'Personal accounts sign in through the public cloud only.',
    fix: 'use AzureADMyOrg or AzureADMultipleOrgs',
    source: VALIDATION,
    check: (app, { cloud }) =>
      includesPersonalAccounts(app) && cloud !== 'public'
        ? [
            {
              path: ['signInAudience'],
              message: `the cloud "${cloud}" has no personal accounts`,
              found: app.signInAudience,
            },
          ]
        : [],
  },
  {
    code: 'EA214',
    name: 'directory-quota',
    severity: 'warning',
    summary: `A deployer without a directory role creates at most ${MAX_CREATED} objects; each application makes two.`,
    limit: MAX_CREATED,
    fix: 'split the stack over deployers, or let one with a directory role deploy it; deleted ones count for 30 days',
    source: SERVICE_LIMITS,
    check: (_, context) => {
      const names = namesOf(context)
      if (names[0] !== context.name) return []
      return above(MAX_CREATED, names.length * 2, [], (count) => `the stack makes ${count} directory objects`)
    },
  },
]
