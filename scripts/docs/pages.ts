import { z } from 'zod'
import { RULES } from '../../infra/rules/registry.ts'
import { publishedApisByName } from '../../microsoft/apis.ts'
import { POLICIES } from '../../policy/policies.ts'
import { adoptionReport } from '../adopt/report.ts'
import { credentialReport } from '../report/credentials.ts'
import { appSchema, stackSchema } from './declaration-schemas.ts'
import { policyPage } from './policy-page.ts'
import { rulesPage } from './rules-page.ts'

/** Files of the repository that are written from the code, by path, each with what it must hold. */
export function generatedFiles(): Readonly<Record<string, () => string>> {
  return {
    'docs/policy.md': () => policyPage(POLICIES),
    'docs/rules.md': () => rulesPage(RULES),
    'docs/schemas/adoption-report.schema.json': () =>
      `${JSON.stringify(z.toJSONSchema(adoptionReport), null, 2)}\n`,
    'docs/schemas/app.schema.json': () => appSchema(publishedApisByName()),
    'docs/schemas/credential-report.schema.json': () =>
      `${JSON.stringify(z.toJSONSchema(credentialReport), null, 2)}\n`,
    'docs/schemas/stack.schema.json': () => stackSchema(publishedApisByName()),
  }
}
