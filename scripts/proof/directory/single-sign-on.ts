import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import { contractFailure } from '../catalogue/index.ts'
import { failed, passed, unreadable } from '../checks/check.ts'
import type { Check } from '../model/report.ts'
import { objects, text } from './members.ts'
import type { DirectoryReader, Entity, Read } from './reader.ts'

/** What is known of an application's single sign-on by SAML. */
export type SingleSignOnFacts = Pick<
  AppOutputs,
  'servicePrincipalId' | 'signingCertificates' | 'claimsMappingPolicyId'
>

type Reader = Pick<DirectoryReader, 'objects' | 'lists'>

/**
 * Looks up whether the declared certificates can sign, which of them does, and whether the claims mapping policy counts.
 *
 * @returns the checks of each application, in order
 */
export async function surveySingleSignOn(
  apps: readonly SingleSignOnFacts[],
  reader: Reader,
  now: Date,
): Promise<Check[][]> {
  const signing = apps.filter(({ signingCertificates }) => signingCertificates)
  const mapped = apps.filter(({ claimsMappingPolicyId }) => claimsMappingPolicyId)
  const [principals, policies] = await Promise.all([
    reader.objects(
      signing.map(
        ({ servicePrincipalId: id }) =>
          `/servicePrincipals/${id}?$select=id,preferredTokenSigningKeyThumbprint,keyCredentials`,
      ),
    ),
    reader.lists(
      mapped.map(({ servicePrincipalId: id }) => `/servicePrincipals/${id}/claimsMappingPolicies`),
    ),
  ])
  return apps.map((app) => {
    const [certificates, policy] = [principals[signing.indexOf(app)], policies[mapped.indexOf(app)]]
    return [
      ...(certificates ? judgeCertificates(app, certificates, now) : []),
      ...(policy ? [judgePolicy(app, policy)] : []),
    ]
  })
}

function judgeCertificates(
  { signingCertificates = {} }: SingleSignOnFacts,
  read: Read<Entity>,
  now: Date,
): Check[] {
  return Object.entries(signingCertificates).map(([name, { keyId, thumbprint, active }]) => {
    const check = `signing certificate ${name}`
    if (!read.ok) return unreadable(check, read.failure)
    const found = objects(read.value, 'keyCredentials').find((key) => key['keyId'] === keyId)
    if (!found)
      return failed(
        check,
        contractFailure('SIGNING_CERTIFICATE_GONE', `key id ${keyId} is not in the directory`),
      )
    const end = text(found, 'endDateTime')
    if (Date.parse(end) <= now.getTime())
      return failed(check, contractFailure('SIGNING_CERTIFICATE_EXPIRED', `it expired on ${end}`))
    const preferred = text(read.value, 'preferredTokenSigningKeyThumbprint')
    const signs = preferred.toUpperCase() === thumbprint
    if (signs === active) return passed(check, `${active ? 'signs' : 'does not sign'}, until ${end}`)
    const message = active
      ? `${preferred ? `the certificate ${preferred} signs` : 'none is chosen to sign'}, declared is ${thumbprint}`
      : `it signs, and is not declared as the active one`
    return failed(check, contractFailure('SIGNING_CERTIFICATE_INACTIVE', message))
  })
}

function judgePolicy({ claimsMappingPolicyId: id }: SingleSignOnFacts, read: Read<readonly Entity[]>): Check {
  const check = 'claims mapping policy'
  if (!read.ok) return unreadable(check, read.failure, 'what is assigned')
  if (read.value.some((policy) => policy['id'] === id)) return passed(check, 'assigned')
  const others = read.value.map((policy) => text(policy, 'displayName')).join(', ')
  return failed(
    check,
    contractFailure('CLAIMS_POLICY_MISSING', others === '' ? 'none is assigned' : `assigned is ${others}`),
  )
}
