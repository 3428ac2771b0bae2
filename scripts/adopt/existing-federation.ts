import { expressionOf } from '../proof/directory/federations.ts'
import { text, texts } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Inputs, type Lookup, objectIdIn, type Verdict } from './existing-lookup.ts'
import { importId } from './import-ids.ts'

const DELETE = 'delete it first (Certificates & secrets, Federated credentials)'

/** A federated credential by its name; one with an expression is shown by beta alone. */
export function existingFederation(inputs: Inputs): Lookup {
  const expression = text(inputs, 'claimsMatchingExpression')
  const objectId = objectIdIn(inputs)
  return {
    path: `/applications/${objectId}/federatedIdentityCredentials`,
    ...(expression !== '' && { version: 'beta' }),
    judge: (found) => judgeFound(inputs, objectId, found),
  }
}

function judgeFound(inputs: Inputs, objectId: string, found: readonly Entity[]): Verdict {
  const name = text(inputs, 'displayName')
  const expression = text(inputs, 'claimsMatchingExpression')
  const audience = expression === '' ? texts(inputs, 'audiences').join() : text(inputs, 'audience')
  const isTrust = (each: Entity) =>
    text(each, 'issuer') === text(inputs, 'issuer') &&
    text(each, 'subject') === text(inputs, 'subject') &&
    (expression === '' || expressionOf(each) === expression)
  const namesake = found.find((each) => text(each, 'name') === name)
  const other = found.find((each) => each !== namesake && isTrust(each))
  if (other) {
    const what = expression === '' ? 'this issuer and subject' : 'this expression'
    return {
      conflict: `the application trusts ${what} already, by the federated credential "${text(other, 'name')}". Declare it under that name, or ${DELETE}`,
    }
  }
  if (!namesake) return undefined
  if (!isTrust(namesake) || texts(namesake, 'audiences').join() !== audience) {
    return {
      conflict: `the application has a federated credential "${name}" already, for the issuer ${text(namesake, 'issuer')}, the ${whom(namesake)} and the audience ${texts(namesake, 'audiences').join(', ')}. Use another name, declare those values, or ${DELETE}`,
    }
  }
  return {
    id: importId.federated(objectId, text(namesake, 'id')),
    title: `federated credential "${name}" for ${text(namesake, 'subject') || expressionOf(namesake)}`,
    ...(text(namesake, 'description') !== text(inputs, 'description') && { keep: ['description'] }),
  }
}

function whom(credential: Entity): string {
  const expression = expressionOf(credential)
  return expression === '' ? `subject ${text(credential, 'subject')}` : `expression ${expression}`
}
