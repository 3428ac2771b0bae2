import {
  type FederationContext,
  isSameTrust,
  NAMED_ISSUERS,
  type Trust,
  trustOf,
} from '../../infra/declaration/federation.ts'
import { appDeclaration } from '../../infra/declaration/schema.ts'
import { resourceName } from '../../infra/registration/names.ts'
import { GITHUB_ISSUER, GITLAB_ISSUER, TERRAFORM_ISSUER } from '../../microsoft/claims-expression.ts'
import { TOKEN_EXCHANGE_AUDIENCES } from '../../microsoft/clouds.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { expressionOf } from '../proof/directory/federations.ts'
import { text, texts } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, withoutEmpty } from './adoptable.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import type { ExistingRegistration } from './registration.ts'

/** Of Entra itself. */
const ENTRA_ISSUER = /^https:\/\/login\.[^/]+\/[0-9a-f-]{36}\/v2\.0$/

/** github.com, an issuer with the name of an enterprise, and GitHub Enterprise with data residency or of one's own. */
const GITHUB_ISSUERS = /^https:\/\/(token\.actions\.|[^/]+\/_services\/token$)/

/** Trusts in other issuers' tokens, by the shapes that declarations name. */
export function declareFederation(
  name: string,
  { application, federatedCredentials }: ExistingRegistration,
  context: FederationContext,
): Adoptable {
  const plain = federatedCredentials.filter(
    (each) => (text(each, 'subject') || expressionOf(each)) !== '' && texts(each, 'audiences').length === 1,
  )
  const objectId = text(application, 'id')
  return {
    declaration: withoutEmpty({
      federatedCredentials: Object.fromEntries(
        plain.map((each) => [text(each, 'name'), declareOne(each, context)]),
      ),
    }),
    objects: plain.map((each) => ({
      type: text(each, 'subject') === '' ? IMPORTED_TYPES.flexible : IMPORTED_TYPES.federated,
      id: importId.federated(objectId, text(each, 'id')),
      name: resourceName.federatedCredential(name, text(each, 'name')),
    })),
    leftAlone: federatedCredentials
      .filter((each) => !plain.includes(each))
      .map(
        (each) =>
          `the federated credential ${text(each, 'name')}: it has no subject, or several audiences, which the azuread provider does not know`,
      ),
  }
}

function declareOne(credential: Entity, context: FederationContext): Record<string, unknown> {
  const [audience = ''] = texts(credential, 'audiences')
  const shape = shapeOf(
    text(credential, 'issuer'),
    text(credential, 'subject'),
    expressionOf(credential),
    context,
  )
  return {
    ...shape,
    ...(audience !== TOKEN_EXCHANGE_AUDIENCES[context.cloud] && { audience }),
    ...withoutEmpty({ description: text(credential, 'description') }),
  }
}

type Shape = Readonly<Record<string, unknown>>

function shapeOf(issuer: string, subject: string, expression: string, context: FederationContext): Shape {
  if (expression !== '') {
    const [named = issuer] = Object.entries(NAMED_ISSUERS).find(([, address]) => address === issuer) ?? []
    return { matching: { issuer: named, expression } }
  }
  const shapes = [
    github(issuer, subject),
    azurePipelines(issuer, subject),
    gitlab(issuer, subject),
    terraformCloud(issuer, subject),
    kubernetes(issuer, subject),
    managedIdentity(issuer, subject),
  ]
  const fits = (each: Shape | undefined) => each && meansTheSame(each, { issuer, subject }, context)
  return shapes.find(fits) ?? { other: { issuer, subject } }
}

/** A shape stands for the credential only if it comes to exactly the same issuer and subject. */
function meansTheSame(shape: Shape, trust: Trust, context: FederationContext): boolean {
  const read = appDeclaration.shape.federatedCredentials.safeParse({ it: shape })
  const declared = read.data?.['it']
  return declared !== undefined && isSameTrust(trustOf(declared, context), trust)
}

function github(issuer: string, subject: string): Shape | undefined {
  const pattern = /^repo:([^:@/]+)(?:@(\d+))?\/([^:@/]+)(?:@(\d+))?:(.+)$/
  const [, owner, ownerId, name, repositoryId, event = ''] = pattern.exec(subject) ?? []
  if (!owner || !GITHUB_ISSUERS.test(issuer)) return undefined
  const ids = ownerId && repositoryId ? { ownerId: Number(ownerId), repositoryId: Number(repositoryId) } : {}
  const own = issuer === GITHUB_ISSUER ? {} : { issuer }
  const repository = `${owner}/${name}`
  const [, kind, value = ''] = /^(ref:refs\/heads\/|ref:refs\/tags\/|environment:)(.+)$/.exec(event) ?? []
  const key = { 'ref:refs/heads/': 'branch', 'ref:refs/tags/': 'tag', 'environment:': 'environment' }[
    kind ?? ''
  ]
  const what = key === 'environment' ? value.replaceAll('%3A', ':') : value
  return { github: { repository, ...ids, ...(key ? { [key]: what } : { pullRequest: true }), ...own } }
}

function azurePipelines(issuer: string, subject: string): Shape | undefined {
  const organizationId = /^https:\/\/vstoken\.dev\.azure\.com\/([^/]+)$/.exec(issuer)?.[1]
  const [, organization, project, serviceConnection] = /^sc:\/\/([^/]+)\/([^/]+)\/(.+)$/.exec(subject) ?? []
  return organizationId && organization
    ? { azurePipelines: { organization, organizationId, project, serviceConnection } }
    : /^\/eid1\//.test(subject)
      ? { azurePipelines: { issuer, subject } }
      : undefined
}

function gitlab(issuer: string, subject: string): Shape | undefined {
  const [, project, type, ref] = /^project_path:([^:]+):ref_type:(branch|tag):ref:(.+)$/.exec(subject) ?? []
  if (!project || !type) return undefined
  return { gitlab: { project, [type]: ref, ...(issuer !== GITLAB_ISSUER && { issuer }) } }
}

function terraformCloud(issuer: string, subject: string): Shape | undefined {
  const pattern = /^organization:([^:]+):project:([^:]+):workspace:([^:]+):run_phase:(plan|apply)$/
  const [, organization, project, workspace, runPhase] = pattern.exec(subject) ?? []
  if (!organization) return undefined
  const own = issuer === TERRAFORM_ISSUER ? {} : { issuer }
  return { terraformCloud: { organization, project, workspace, runPhase, ...own } }
}

function managedIdentity(issuer: string, subject: string): Shape | undefined {
  return ENTRA_ISSUER.test(issuer) && isGuid(subject) ? { managedIdentity: { objectId: subject } } : undefined
}

function kubernetes(issuer: string, subject: string): Shape | undefined {
  const [, namespace, serviceAccount] = /^system:serviceaccount:([^:]+):(.+)$/.exec(subject) ?? []
  return namespace ? { kubernetes: { issuer, namespace, serviceAccount } } : undefined
}
