import type { AppDeclarationInput } from '../infra/declaration/schema.ts'
import { FILE_MANAGER } from '../test/support/stage.ts'

/** Each with redirect URIs, four permissions of both kinds, consent and a secret: six objects in the directory. */
export function applications(size: number): Record<string, AppDeclarationInput> {
  return Object.fromEntries(
    Array.from({ length: size }, (_, i) => [`app-${i}`, { ...FILE_MANAGER, displayName: `App ${i}` }]),
  )
}
