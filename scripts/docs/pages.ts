import { z } from 'zod'
import { RULES } from '../../infra/rules/registry.ts'
import { publishedApisByName } from '../../microsoft/apis.ts'
import { POLICIES } from '../../policy/policies.ts'
import { adoptionReport } from '../adopt/report.ts'
import { COMMANDS } from '../commands/definitions.ts'
import { doctorReport } from '../doctor/report.ts'
import { fleetReport } from '../fleet/report.ts'
import { inventoryReport } from '../inventory/report.ts'
import { moveReport } from '../move/report.ts'
import { CATALOGUE } from '../proof/catalogue/index.ts'
import { proofReport } from '../proof/model/report.ts'
import { packageSchema } from '../provider/package-schema.ts'
import { credentialReport } from '../report/credentials.ts'
import { commandsPage } from './commands-page.ts'
import { appSchema, identitySchema, stackSchema } from './declaration-schemas.ts'
import { errorCataloguePage } from './error-catalogue-page.ts'
import { policyPage } from './policy-page.ts'
import { rulesPage } from './rules-page.ts'
import { settingsPage } from './settings-page.ts'
import { tenantCoveragePage } from './tenant-coverage-page.ts'

/** Files of the repository that are written from the code, by path, each with what it must hold. */
export function generatedFiles(): Readonly<Record<string, () => string>> {
  return {
    'docs/commands.md': () => commandsPage(COMMANDS),
    'docs/error-catalogue.md': () => errorCataloguePage(CATALOGUE),
    'docs/policy.md': () => policyPage(POLICIES),
    'docs/rules.md': () => rulesPage(RULES),
    'docs/settings.md': settingsPage,
    'docs/tenant-coverage.md': tenantCoveragePage,
    'docs/schemas/adoption-report.schema.json': () => reportSchema('adopt', adoptionReport),
    'docs/schemas/app.schema.json': () => appSchema(publishedApisByName()),
    'docs/schemas/credential-report.schema.json': () => reportSchema('report', credentialReport),
    'docs/schemas/doctor-report.schema.json': () => reportSchema('doctor', doctorReport),
    'docs/schemas/fleet-report.schema.json': () => reportSchema('--stacks', fleetReport),
    'docs/schemas/identity.schema.json': () => identitySchema(publishedApisByName()),
    'docs/schemas/inventory-report.schema.json': () => reportSchema('inventory', inventoryReport),
    'docs/schemas/pulumi-package.json': packageSchema,
    'docs/schemas/move-report.schema.json': () => reportSchema('move', moveReport),
    'docs/schemas/proof-report.schema.json': () => reportSchema('verify', proofReport),
    'docs/schemas/stack.schema.json': () => stackSchema(publishedApisByName()),
  }
}

/** The JSON Schema of what a command prints with `--json`. */
function reportSchema(command: string, report: z.ZodType): string {
  const title = `Report of entra-apps ${command}`
  return `${JSON.stringify({ title, ...z.toJSONSchema(report) }, null, 2)}\n`
}
