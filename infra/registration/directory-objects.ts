import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { withoutClientId } from '../declaration/placeholders.ts'
import { given, planApplication } from './application-plan.ts'
import { type ApiGrant, requiredResourceAccesses } from './consent.ts'
import type { ApplicationContext, RegistrationContext } from './context.ts'
import { leftToTemplate, templateIdOf, withGalleryTag, withoutEmptyTags } from './gallery.ts'
import { resolvePlaceholders } from './placeholders.ts'
import { planServicePrincipal } from './service-principal-plan.ts'

/** The application object, with everything that is declared inline. */
export function createApplication(
  { name, app, ids, listOrder, stackApps, read, deployer, former, parent }: RegistrationContext,
  grants: readonly ApiGrant[],
  owners: pulumi.Input<string[]>,
): azuread.Application {
  const clientId = former?.clientId
  const known = clientId === undefined ? withoutClientId(app) : app
  const plan = resolvePlaceholders(
    planApplication(known, ids, listOrder),
    deployer.tenantId.apply((tenantId) => ({ clientId: clientId ?? '', tenantId })),
  )
  const knownClients = app.knownClients.map((client) => stackApps.clientIdOf(client))
  const logo = app.logo === undefined ? undefined : read(app.logo)
  return new azuread.Application(
    name,
    {
      ...withoutEmptyTags(plan, app.template),
      ...(app.template !== undefined && { templateId: templateIdOf(app.template, { parent }) }),
      ...(knownClients.length > 0 && { api: { ...plan.api, knownClientApplications: knownClients } }),
      ...given('logoImage', logo && Buffer.from(logo).toString('base64')),
      owners,
      requiredResourceAccesses: requiredResourceAccesses(grants, listOrder),
    },
    // Each identifier URI is a resource of its own, since `api://{clientId}` needs this one first.
    { parent, ignoreChanges: ['identifierUris', ...leftToTemplate(app)] },
  )
}

/** The service principal: what this tenant keeps about the application. */
export function createServicePrincipal(
  { name, app, application, deployer, parent }: ApplicationContext,
  owners: pulumi.Input<string[]>,
): azuread.ServicePrincipal {
  const placeholders = pulumi.output({ clientId: application.clientId, tenantId: deployer.tenantId })
  return new azuread.ServicePrincipal(
    name,
    {
      ...resolvePlaceholders(withGalleryTag(planServicePrincipal(app), app.template), placeholders),
      clientId: application.clientId,
      // The gallery has made it together with the application.
      ...(app.template !== undefined && { useExisting: true }),
      owners,
    },
    { parent },
  )
}
