import { createHash } from 'node:crypto'
import { slug } from '../../lib/slug.ts'

/** A slug that differs where the texts do, though they are spelt alike: `api-clientid-3f2a9c`. */
export function uniqueSlug(text: string): string {
  return `${slug(text).slice(0, 40)}-${createHash('sha256').update(text).digest('hex').slice(0, 6)}`
}

/** Names of the resources of an application, beside the application and its service principal, which bear its own. */
export const resourceName = {
  /** @param pattern as declared, with its placeholders */
  identifierUri: (app: string, pattern: string): string => `${app}-uri-${uniqueSlug(pattern)}`,
  preAuthorizedClient: (app: string, client: string): string => `${app}-client-${client}`,
  federatedCredential: (app: string, credential: string): string => `${app}-federated-${credential}`,
  assignment: (app: string, { user, group, role }: Assignment): string =>
    `${app}-${user === undefined ? 'group' : 'user'}-${slug(user ?? group ?? '')}-${role ?? 'access'}`,
  directoryRole: (app: string, role: string): string => `${app}-role-${slug(role)}`,
  site: (app: string, siteUrl: string): string =>
    `${app}-site-${uniqueSlug(siteUrl.replace(/^https:\/\//, ''))}`,
  signingCertificate: (app: string, certificate: string): string => `${app}-signing-${certificate}`,
  activeCertificate: (app: string): string => `${app}-signing-active`,
  /** The policy and its assignment. */
  claimsMapping: (app: string): string => `${app}-claims`,
  /** Consent to an application permission. */
  appRole: (app: string, api: string, permission: string): string => `${app}-${slug(api)}-${permission}`,
  /** Consent to the delegated permissions of an API. */
  delegated: (app: string, api: string): string => `${app}-${slug(api)}-delegated`,
}

interface Assignment {
  readonly user?: string | undefined
  readonly group?: string | undefined
  readonly role?: string | undefined
}
