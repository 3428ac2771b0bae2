import { createHash } from 'node:crypto'

/** `Microsoft Graph` → `microsoft-graph`, for resource names. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** A slug that differs where the texts do, though they are spelt alike: `api-clientid-3f2a9c`. */
export function uniqueSlug(text: string): string {
  return `${slug(text).slice(0, 40)}-${createHash('sha256').update(text).digest('hex').slice(0, 6)}`
}
