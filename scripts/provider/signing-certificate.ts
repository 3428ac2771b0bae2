import { ProviderError, type ProviderGraph } from './graph.ts'

/** Which certificate signs the SAML tokens of a service principal. */
export interface SigningChoice {
  /** Object id. */
  readonly servicePrincipalId: string
  /** SHA-1, 40 upper-case hexadecimal digits. */
  readonly thumbprint: string
}

const what = (id: string) => `the active signing certificate of the service principal ${id}`

/**
 * Lets the certificate sign ("Configure SAML-based single sign-on": activate the custom signing key).
 *
 * @returns the id of the resource: that of the service principal
 * @throws ProviderError
 */
export async function activate(
  graph: ProviderGraph,
  { servicePrincipalId, thumbprint }: SigningChoice,
): Promise<string> {
  await graph.ask(what(servicePrincipalId), {
    method: 'PATCH',
    path: `/servicePrincipals/${servicePrincipalId}`,
    body: { preferredTokenSigningKeyThumbprint: thumbprint },
    notYet: [404],
  })
  return servicePrincipalId
}

/** @returns undefined when the service principal is gone, or nothing is chosen. @throws ProviderError */
export async function readActive(graph: ProviderGraph, id: string): Promise<SigningChoice | undefined> {
  const path = `/servicePrincipals/${id}?$select=id,preferredTokenSigningKeyThumbprint`
  const thumbprint = (await graph.find(what(id), path))?.['preferredTokenSigningKeyThumbprint']
  return typeof thumbprint === 'string' && thumbprint !== ''
    ? { servicePrincipalId: id, thumbprint: thumbprint.toUpperCase() }
    : undefined
}

/** Takes the choice back, unless somebody has made another one. A service principal that is gone is fine. @throws ProviderError */
export async function deactivate(graph: ProviderGraph, { servicePrincipalId, thumbprint }: SigningChoice) {
  const active = await readActive(graph, servicePrincipalId)
  if (active?.thumbprint !== thumbprint.toUpperCase()) return
  try {
    await graph.ask(what(servicePrincipalId), {
      method: 'PATCH',
      path: `/servicePrincipals/${servicePrincipalId}`,
      body: { preferredTokenSigningKeyThumbprint: null },
    })
  } catch (error) {
    if (!(error instanceof ProviderError && error.status === 404)) throw error
  }
}
