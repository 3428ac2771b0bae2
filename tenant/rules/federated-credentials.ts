import { randomUUID } from 'node:crypto'
import {
  EXPRESSION_LANGUAGE_VERSION,
  FLEXIBLE_ISSUERS,
  parseClaimsExpression,
} from '../../microsoft/claims-expression.ts'
import type { Directory } from '../directory/directory.ts'
import { badRequest, GraphError, invalidValue, valueRequired } from '../errors/graph-error.ts'
import type { Draft } from '../model/body.ts'
import { federatedIdentityCredentials } from '../model/federated-credentials.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { type Data, type Entity, isObject, type Json, strings } from '../store/entity.ts'
import type { Made, Rules } from './rules.ts'

const { name: SET, resourceName: RESOURCE } = federatedIdentityCredentials

/** Microsoft Entra workload ID: Important considerations and restrictions for federated identity credentials. */
const MOST_PER_APPLICATION = 20

/** "URL friendly": the characters that a URL carries as they are (RFC 3986: unreserved). */
const NAME = /^[\w.~-]{1,120}$/

/** Microsoft Graph: Create, Update and Delete federatedIdentityCredential. */
export const federatedCredentialRules: Rules = {
  create(draft: Draft, { directory }: GraphRequest): Made {
    const siblings = credentialsOf(directory, String(draft.data['applicationId']))
    if (siblings.length >= MOST_PER_APPLICATION) {
      throw badRequest(
        `The application has ${MOST_PER_APPLICATION} federated identity credentials, the most there can be.`,
      )
    }
    check(draft.data, siblings)
    const name = String(draft.data['name']).toLowerCase()
    if (siblings.some((each) => String(each.data['name']).toLowerCase() === name)) {
      throw new GraphError(
        409,
        'Request_MultipleObjectsWithSameKeyValue',
        `FederatedIdentityCredential with name ${String(draft.data['name'])} already exists.`,
      )
    }
    return { id: randomUUID(), data: draft.data }
  },

  update(current: Entity, draft: Draft, { directory }: GraphRequest): Data {
    // Clients send back the name that they read; it only may not become another one.
    if (draft.data['name'] !== current.data['name']) {
      throw badRequest("Property 'name' is read-only and cannot be set.")
    }
    const siblings = credentialsOf(directory, String(current.data['applicationId']))
    check(
      draft.data,
      siblings.filter((each) => each.id !== current.id),
    )
    return draft.data
  },

  remove(entity: Entity, { directory }: GraphRequest): void {
    directory.store.remove(SET, entity.id)
  },
}

/** The federated identity credentials of an application, oldest first. */
export function credentialsOf(directory: Directory, applicationId: string): readonly Entity[] {
  return directory.store.find(SET, 'applicationId', applicationId)
}

function check(data: Data, siblings: readonly Entity[]): void {
  const name = String(data['name'])
  if (!NAME.test(name)) {
    throw invalidValue(RESOURCE, 'name', 'It takes 1 to 120 letters, digits, "-", "_", "." and "~".')
  }
  const issuer = String(data['issuer'])
  if (URL.parse(issuer)?.protocol !== 'https:') {
    throw invalidValue(RESOURCE, 'issuer', `'${issuer}' is not an https URL.`)
  }
  if (strings(data['audiences']).length !== 1) {
    throw invalidValue(RESOURCE, 'audiences', 'There has to be exactly one audience.')
  }
  const expression = data['claimsMatchingExpression'] ?? null
  if (expression !== null) checkExpression(issuer, expression, data['subject'] ?? null)
  else if (!data['subject']) throw valueRequired(RESOURCE, 'subject')
  const taken = siblings.some(
    (each) =>
      expression === null && each.data['issuer'] === issuer && each.data['subject'] === data['subject'],
  )
  if (taken) {
    throw new GraphError(
      400,
      'InvalidFederatedIdentityCredentialValue',
      `FederatedIdentityCredential with issuer ${issuer} and subject ${String(data['subject'])} already exists.`,
    )
  }
}

/** Microsoft Entra workload ID: Flexible federated identity credentials. */
function checkExpression(issuer: string, expression: Json, subject: Json): void {
  if (subject !== null) {
    throw invalidValue(RESOURCE, 'subject', "It has to be null beside a 'claimsMatchingExpression'.")
  }
  const { value, languageVersion } = isObject(expression) ? expression : {}
  if (languageVersion !== EXPRESSION_LANGUAGE_VERSION) {
    const rule = `It has to be ${EXPRESSION_LANGUAGE_VERSION}.`
    throw invalidValue(RESOURCE, 'claimsMatchingExpression.languageVersion', rule)
  }
  const known = isLoopback(issuer) ? Object.values(FLEXIBLE_ISSUERS).flat() : FLEXIBLE_ISSUERS[issuer]
  if (known === undefined) {
    const issuers = Object.keys(FLEXIBLE_ISSUERS).join(', ')
    throw invalidValue(RESOURCE, 'issuer', `An expression is supported for these issuers only: ${issuers}.`)
  }
  const unknown = conditionsOf(String(value)).find(({ claim }) => !known.includes(claim))
  if (unknown !== undefined) {
    const rule = `The claim '${unknown.claim}' is not supported for this issuer. Use: ${known.join(', ')}.`
    throw invalidValue(RESOURCE, 'claimsMatchingExpression', rule)
  }
}

function conditionsOf(value: string) {
  try {
    return parseClaimsExpression(value)
  } catch (error) {
    throw invalidValue(RESOURCE, 'claimsMatchingExpression', `${(error as SyntaxError).message}.`)
  }
}

/** A test's own issuer, which stands for any of those that the real service supports. */
function isLoopback(issuer: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(issuer)?.hostname ?? '')
}
