import type { StringProperty } from '../schema/property.ts'
import { servicePrincipal } from './service-principal.ts'
import type { ResourceType } from './type.ts'

/** How a part of a service principal, managed on its own, names it. */
export const SERVICE_PRINCIPAL_ID: StringProperty = idOf(servicePrincipal, 'azuread.ServicePrincipal')

/** A property that holds the id of another resource. */
export function idOf({ idPattern, idForm }: ResourceType, resource: string): StringProperty {
  return {
    type: 'string',
    required: true,
    forceNew: true,
    rule: (value) =>
      idPattern.test(value)
        ? undefined
        : `must have the form ${idForm} (the \`id\` of an ${resource}), is "${value}"`,
  }
}
