import type { Explained } from '../proof/catalogue/index.ts'

/** Why the directory was not read, and what mends it, as sentences. */
export function explainedIn({ code, meaning, message, mend }: Explained): string {
  return `${code}: ${meaning} (${message}). To mend it: ${mend}.`
}
