import { trustedIssuer } from '../../infra/declaration/federation.ts'
import { appDeclaration } from '../../infra/declaration/schema.ts'
import { resourceName } from '../../infra/registration/names.ts'
import { type Cloud, TOKEN_EXCHANGE_AUDIENCES } from '../../microsoft/clouds.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, withoutEmpty } from './adoptable.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import { type ExistingRegistration, text, texts } from './registration.ts'

/** Trusts in other issuers' tokens, by the shapes that declarations name. */
export function declareFederation(
  name: string,
  { application, federatedCredentials }: ExistingRegistration,
  cloud: Cloud,
): Adoptable {
  const plain = federatedCredentials.filter(
    (each) => text(each, 'subject') !== '' && texts(each, 'audiences').length === 1,
  )
  const objectId = text(application, 'id')
  return {
    declaration: withoutEmpty({
      federatedCredentials: Object.fromEntries(
        plain.map((each) => [text(each, 'name'), declareOne(each, cloud)]),
      ),
    }),
    objects: plain.map((each) => ({
      type: IMPORTED_TYPES.federated,
      id: importId.federated(objectId, text(each, 'id')),
      name: resourceName.federatedCredential(name, text(each, 'name')),
    })),
    leftAlone: federatedCredentials
      .filter((each) => !plain.includes(each))
      .map(
        (each) =>
          `the federated credential ${text(each, 'name')}: it matches by an expression, or several audiences, which the azuread provider does not know`,
      ),
  }
}

function declareOne(credential: Entity, cloud: Cloud): Record<string, unknown> {
  const [issuer, subject] = [text(credential, 'issuer'), text(credential, 'subject')]
  const [audience = ''] = texts(credential, 'audiences')
  const shapes = [github(subject), azurePipelines(issuer, subject), kubernetes(issuer, subject)]
  const shape = shapes.find((each) => each && meansTheSame(each, issuer, subject)) ?? {
    other: { issuer, subject },
  }
  return {
    ...shape,
    ...(audience !== TOKEN_EXCHANGE_AUDIENCES[cloud] && { audience }),
    ...withoutEmpty({ description: text(credential, 'description') }),
  }
}

type Shape = Readonly<Record<string, unknown>>

/** A shape stands for the credential only if it comes to the same issuer and subject, to the letter. */
function meansTheSame(shape: Shape, issuer: string, subject: string): boolean {
  const read = appDeclaration.shape.federatedCredentials.safeParse({ it: shape })
  const declared = read.data?.['it']
  if (!declared) return false
  const found = trustedIssuer(declared)
  return found.issuer === issuer && found.subject === subject
}

function github(subject: string): Shape | undefined {
  const [, repository, event = ''] = /^repo:([^:]+):(.+)$/.exec(subject) ?? []
  if (!repository) return undefined
  const [, kind, name] = /^(ref:refs\/heads\/|ref:refs\/tags\/|environment:)(.+)$/.exec(event) ?? []
  const key = { 'ref:refs/heads/': 'branch', 'ref:refs/tags/': 'tag', 'environment:': 'environment' }[
    kind ?? ''
  ]
  return { github: { repository, ...(key ? { [key]: name } : { pullRequest: true }) } }
}

function azurePipelines(issuer: string, subject: string): Shape | undefined {
  const organizationId = /^https:\/\/vstoken\.dev\.azure\.com\/([^/]+)$/.exec(issuer)?.[1]
  const [, organization, project, serviceConnection] = /^sc:\/\/([^/]+)\/([^/]+)\/(.+)$/.exec(subject) ?? []
  return organizationId && organization
    ? { azurePipelines: { organization, organizationId, project, serviceConnection } }
    : undefined
}

function kubernetes(issuer: string, subject: string): Shape | undefined {
  const [, namespace, serviceAccount] = /^system:serviceaccount:([^:]+):(.+)$/.exec(subject) ?? []
  return namespace ? { kubernetes: { issuer, namespace, serviceAccount } } : undefined
}
