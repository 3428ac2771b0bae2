import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { isGuid } from '../../microsoft/guid.ts'
import { ENTERPRISE_APPLICATION_TAG } from '../../microsoft/portal-tags.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { lookupFailure } from './lookup-failure.ts'
import { PrincipalLookupError } from './principals.ts'

/**
 * The id of the gallery template that an application is made from.
 *
 * @param template id or display name
 * @throws PrincipalLookupError
 */
export function templateIdOf(template: string, options: pulumi.InvokeOptions): pulumi.Output<string> {
  if (isGuid(template)) return pulumi.output(template)
  return pulumi.output(
    azuread.getApplicationTemplate({ displayName: template }, options).then(
      ({ templateId }) => templateId,
      (cause) => {
        throw new PrincipalLookupError(
          `the application template "${template}" could not be looked up in the gallery (${lookupFailure(cause)})`,
          'write the display name as the gallery has it, or the id of the template',
          cause,
        )
      },
    ),
  )
}

/** Properties of the application that a template fills and the declaration leaves to it. The provider would empty them. */
export function leftToTemplate({
  template,
  appRoles,
  scopes,
  claims,
  permissions,
}: Pick<AppDeclaration, 'template' | 'appRoles' | 'scopes' | 'claims' | 'permissions'>): string[] {
  if (template === undefined) return []
  const isEmpty = (declared: object) => Object.keys(declared).length === 0
  const optionalClaims = [claims.accessToken, claims.idToken, claims.saml2Token].flat()
  return [
    ...(isEmpty(appRoles) ? ['appRoles'] : []),
    ...(isEmpty(scopes) ? ['api.oauth2PermissionScopes'] : []),
    ...(optionalClaims.length === 0 ? ['optionalClaims'] : []),
    ...(isEmpty(permissions) ? ['requiredResourceAccesses'] : []),
  ]
}

/** With the tag that the gallery gave it: the provider empties tags that are left out when it takes over what exists. */
export function withGalleryTag<T extends { readonly tags?: unknown }>(
  plan: T,
  template: string | undefined,
): T {
  if (template === undefined) return plan
  const declared = Array.isArray(plan.tags) ? (plan.tags as string[]) : []
  return { ...plan, tags: [...new Set([ENTERPRISE_APPLICATION_TAG, ...declared])].sort() }
}

/** Without the tags, where a template has set them and the declaration says none. */
export function withoutEmptyTags<T extends object>(plan: T, template: string | undefined): T {
  const { tags, ...rest } = plan as T & { readonly tags?: unknown }
  const isEmpty = Array.isArray(tags) && tags.length === 0
  return template !== undefined && isEmpty ? (rest as T) : plan
}
