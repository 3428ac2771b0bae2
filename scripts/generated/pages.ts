import { RULES } from '../../infra/rules/registry.ts'
import { rulesPage } from './rules-page.ts'

/** Files of the repository that are written from the code, by path, each with what it must hold. */
export function generatedFiles(): Readonly<Record<string, () => string>> {
  return {
    'docs/rules.md': () => rulesPage(RULES),
  }
}
