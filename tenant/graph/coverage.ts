import type { Operation, Route } from '../request/route.ts'

/** What an operation does at the real service, in short, and what this tenant does. */
export interface Behaviour {
  readonly real: string
  readonly here: string
}

const SAME = 'the same'

/** By operation; what is particular to some routes is among the differences. */
export const BEHAVIOURS: { readonly [name in Operation]: Behaviour } = {
  list: {
    real: '200 with `value`, 100 to a page, `@odata.nextLink` to the next; `$filter`, `$select`, `$expand`, `$orderby`, `$top`, `$count`, `$search`',
    here: 'the same; `$search` on directory objects by words of names and beginnings of other texts, 501 elsewhere',
  },
  get: { real: '200 with the object, 404 `Request_ResourceNotFound`; `$select`, `$expand`', here: SAME },
  count: { real: '200 with the number as text; 400 without `ConsistencyLevel: eventual`', here: SAME },
  delta: {
    real: '200 with all objects, then with what is new, changed or gone since; `$select`; `members@delta` of groups; 410 for a token that is too old',
    here: 'the same; changed objects come with all their properties; the last 20 rounds are known',
  },
  create: { real: '201 with the whole object and `Location`; 400 or 409 with the reason', here: SAME },
  update: {
    real: '204; members that are not named stay; with a named key and `Prefer: create-if-missing` also 201',
    here: SAME,
  },
  delete: {
    real: '204; applications, service principals, users and Microsoft 365 groups can be restored for 30 days',
    here: SAME,
  },
  addReference: { real: '204; 400 when it is there already, 404 when the object is not', here: SAME },
  removeReference: { real: '204, the last one too; 404 when it is not there', here: SAME },
  setReference: { real: '204', here: SAME },
  clearReference: { real: '204; 404 when there is none', here: SAME },
  addPassword: { real: '200 with the secret, this once', here: 'the same; only a hash is kept' },
  removePassword: { real: '204; 400 for an unknown `keyId`', here: SAME },
  addTokenSigningCertificate: {
    real: '200 with the certificate; two key credentials and a password credential',
    here: 'the same; the private key is not kept',
  },
  createMember: { real: '201 with the new group, a member from the start', here: SAME },
  updateAllowedCombinations: { real: '200 with the combinations before and after', here: SAME },
  putLogo: { real: '204; PNG, JPEG or GIF of at most 100 KB', here: SAME },
  getLogo: { real: '200 with the bytes', here: SAME },
  getProperty: { real: '200 with `value`, the one property', here: SAME },
  instantiate: { real: '201 with an application and its service principal', here: SAME },
  getByIds: { real: '200 with the objects that exist, at most 1,000', here: SAME },
  getMemberGroups: { real: '200 with the ids of all groups that the object is in', here: SAME },
  checkMemberGroups: { real: '200 with those of at most 20 group ids that the object is in', here: SAME },
  restore: {
    real: '200 with the object; for an application its service principal comes back too',
    here: SAME,
  },
  purge: { real: '204', here: SAME },
}

/** Something that this tenant does otherwise on purpose. */
export interface Difference {
  /** The routes that it is about. */
  readonly on: (route: Pick<Route, 'method' | 'path' | 'operation'>) => boolean
  readonly text: string
}

const isList = ({ operation }: Pick<Route, 'operation'>): boolean => operation === 'list'

const under =
  (start: string, ...operations: readonly Operation[]): Difference['on'] =>
  ({ path, operation }) =>
    path.startsWith(start) && (operations.length === 0 || operations.includes(operation))

/** Every known difference; the numbers in the table of the docs are places in this list. */
export const DIFFERENCES: readonly Difference[] = [
  {
    on: isList,
    text: '`$filter` takes eq, ne, not, and, or, in, startsWith and any, on every property of the model; the real service answers documented properties only, and has more functions. Others are 400 `Request_UnsupportedQuery`.',
  },
  {
    on: isList,
    text: '`$orderby` sorts by every property with a single value; the real service sorts by a few, and some only with `ConsistencyLevel`.',
  },
  {
    on: ({ operation }) => operation === 'list' || operation === 'get',
    text: '`$expand` takes `$select` in its parentheses and nothing else (501), and may name several navigation properties; the real service takes one of some kinds.',
  },
  {
    on: under('/servicePrincipals', 'create'),
    text: 'For an unknown `appId` the message is not the real one, which clients take for lag and repeat for minutes; the code in the details is.',
  },
  {
    on: under('/oauth2PermissionGrants', 'create'),
    text: 'A client or resource that does not exist is 400 `InvalidValue`, not the text that clients take for lag.',
  },
  {
    on: under('/applications', 'create', 'update'),
    text: '`addIns`, `parentalControlSettings`, `requestSignatureVerification` and `servicePrincipalLockConfiguration` keep their defaults; setting them is 501. The identifier URIs of deleted applications are free at once.',
  },
  {
    on: under('/policies/claimsMappingPolicies'),
    text: 'Policies for claims, home realms and tokens are kept and assigned; what they say has no effect on tokens.',
  },
  {
    on: under('/applicationTemplates'),
    text: 'The gallery holds the template for custom applications and the few that documentation uses; what is made from one has its app roles and its home page, and no settings for single sign-on.',
  },
  {
    on: under('/users', 'create', 'update'),
    text: 'Passwords are held to the complexity rules and then forgotten: people sign in here by choosing themselves. Licences, on-premises properties and custom security attributes are not here.',
  },
  {
    on: under('/groups', 'create', 'update', 'list'),
    text: 'Membership rules are kept and not worked out, so dynamic groups stay empty. The mail address and description of Microsoft 365 groups are there at once.',
  },
  {
    on: under('/directory/deletedItems'),
    text: 'What is restored comes back with its grants, credentials and owners, and without its place in groups. Administrative units, devices and certificate authorities are not here.',
  },
  {
    on: ({ path, method }) => path.startsWith('/policies') && method !== 'GET',
    text: '`trustedCertificateAuthority` and `customPasswordAddition` are kept and not enforced; exempted actors are 501.',
  },
  {
    on: ({ path }) =>
      /^\/(teams|devices|deviceManagement|identityProtection|security|identityGovernance|admin)/.test(path),
    text: 'Nobody uses this workload, so the list is always empty; only the properties that name an object are known to `$select` and `$filter`.',
  },
  {
    on: ({ path }) => /\/drives?(\/|$)|^\/sites/.test(path),
    text: 'Sites and files are the seeded ones and read-only; contents are not served. On selected sites every role lets an application read. The id of a permission differs from site to site.',
  },
  {
    on: ({ path }) => /^\/me(\/|$)/.test(path),
    text: 'A user without a directory role may read, whatever permission is delegated, and, while the authorization policy has `allowedToCreateApps`, create applications and service principals and manage those that they own.',
  },
  {
    on: under('/applications/{id}/federatedIdentityCredentials', 'create', 'update'),
    text: 'A claims matching expression may also be for an issuer on loopback, which stands for one of those that the real service supports.',
  },
  {
    on: ({ path }) => /^\/(directoryRoles|roleManagement)(\/|$)/.test(path),
    text: 'The built-in roles that Microsoft publishes, as of 2026-01-20, over two pages where Graph has one. Those for applications, people, policies and sites allow what the permissions of the same reach allow; assignments over less than the whole directory and the actions of custom roles are kept and allow nothing. Eligibility is kept, granted and revoked by administrators at once; nobody activates it.',
  },
  {
    on: under('/identity/conditionalAccess'),
    text: 'Policies, locations and strengths are kept; nobody who signs in here is held to them.',
  },
  {
    on: ({ path }) => path === '/invitations',
    text: 'No message is sent, and the address to redeem it at is not served: the guest is there and stays pending.',
  },
  {
    on: ({ path }) => path.startsWith('/directoryObjects'),
    text: 'Spans applications, service principals, users, groups, administrative units, directory roles, the organisation and policies.',
  },
]
