import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import { claimsMappingDefinition } from '../../microsoft/claims-mapping-policy.ts'
import type { Cloud } from '../../microsoft/clouds.ts'
import { activeCertificateOf } from '../declaration/schema/single-sign-on.ts'
import type { ApplicationContext } from './context.ts'
import { resourceName } from './names.ts'

interface ActiveSigningCertificateArgs {
  /** Object id. */
  readonly servicePrincipalId: pulumi.Input<string>
  readonly thumbprint: pulumi.Input<string>
  readonly tenantId: pulumi.Input<string>
  readonly cloud?: Cloud
}

/** Which certificate signs the tokens of a service principal, by the provider of this package (scripts/provider). */
export class ActiveSigningCertificate extends pulumi.CustomResource {
  constructor(name: string, args: ActiveSigningCertificateArgs, options: pulumi.CustomResourceOptions) {
    super('entra-apps:index:ActiveSigningCertificate', name, { ...args }, options)
  }
}

/** What was made for single sign-on, for outputs. */
export interface SingleSignOnFacts {
  /** By name; left out when there are none. */
  readonly signingCertificates?: Readonly<Record<string, pulumi.Output<SigningCertificateFacts>>>
  /** Object id of the policy; left out when there is none. */
  readonly claimsMappingPolicyId?: pulumi.Output<string>
}

interface SigningCertificateFacts {
  readonly keyId: string
  readonly thumbprint: string
  readonly endDate: string
  readonly active: boolean
}

/** Certificates that sign the tokens of single sign-on, the one that is active, and the policy that fills the tokens. */
export function setUpSingleSignOn(
  context: ApplicationContext,
  servicePrincipal: azuread.ServicePrincipal,
): SingleSignOnFacts {
  return { ...signTokens(context, servicePrincipal), ...mapClaims(context, servicePrincipal) }
}

/**
 * A certificate that is no longer declared stays in the directory until it expires, without signing: the official plugin
 * takes the key of another certificate for its own when it deletes one of several (azuread 3.8 and 3.9).
 */
function signTokens(
  { name, app, deployer, cloud, parent }: ApplicationContext,
  servicePrincipal: azuread.ServicePrincipal,
): SingleSignOnFacts {
  const { singleSignOn } = app.servicePrincipal
  const active = activeCertificateOf(singleSignOn)
  const certificates = mapValues(
    singleSignOn.signingCertificates,
    ({ displayName, expires }, certificate) =>
      new azuread.ServicePrincipalTokenSigningCertificate(
        resourceName.signingCertificate(name, certificate),
        {
          servicePrincipalId: servicePrincipal.id,
          ...(displayName !== undefined && { displayName }),
          ...(expires !== undefined && { endDate: `${expires}T00:00:00Z` }),
        },
        { parent, retainOnDelete: true },
      ),
  )
  const signing = active === undefined ? undefined : certificates[active]
  if (!signing) return {}
  new ActiveSigningCertificate(
    resourceName.activeCertificate(name),
    {
      servicePrincipalId: servicePrincipal.objectId,
      thumbprint: signing.thumbprint,
      tenantId: deployer.tenantId,
      ...(cloud !== 'public' && { cloud }),
    },
    { parent },
  )
  const facts = mapValues(certificates, ({ keyId, thumbprint, endDate }, certificate) =>
    pulumi.output({ keyId, thumbprint, endDate, active: certificate === active }),
  )
  return { signingCertificates: facts }
}

function mapClaims(
  { name, app, parent }: ApplicationContext,
  servicePrincipal: azuread.ServicePrincipal,
): SingleSignOnFacts {
  const { claimsMapping } = app.servicePrincipal.singleSignOn
  if (!claimsMapping) return {}
  const { displayName = `${app.displayName} claims`, claims, includeBasicClaims } = claimsMapping
  const policy = new azuread.ClaimsMappingPolicy(
    resourceName.claimsMapping(name),
    { displayName, definitions: [claimsMappingDefinition(claims, includeBasicClaims)] },
    { parent },
  )
  new azuread.ServicePrincipalClaimsMappingPolicyAssignment(
    resourceName.claimsMapping(name),
    { claimsMappingPolicyId: policy.id, servicePrincipalId: servicePrincipal.id },
    { parent },
  )
  return { claimsMappingPolicyId: policy.id.apply((id) => id.slice(id.lastIndexOf('/') + 1)) }
}
