import type { Directory } from '../directory/directory.ts'

/** The issuer in v1 tokens; the real one is `https://sts.windows.net/{tenant}/`. */
export function v1Issuer(directory: Directory): string {
  return `${directory.url()}/${directory.tenantId}/`
}

/** The issuer in v2 tokens and in the v2 discovery document. */
export function v2Issuer(directory: Directory): string {
  return `${directory.url()}/${directory.tenantId}/v2.0`
}
