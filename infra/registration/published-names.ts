import { mapValues } from '../../lib/map-values.ts'
import { publishedApisByName } from '../../microsoft/apis.ts'
import { appIdOf } from '../../microsoft/well-known-apis.ts'
import { resolveReferences } from '../declaration/permission-references.ts'
import type { AppDeclaration } from '../declaration/schema.ts'

/**
 * Applications with their references resolved as far as that goes without asking the tenant: by what Microsoft publishes.
 *
 * @param stackApps the whole stack; default: these
 */
export function byPublishedNames(
  apps: Readonly<Record<string, AppDeclaration>>,
  stackApps = apps,
): Record<string, AppDeclaration> {
  const catalogue = publishedApisByName()
  return mapValues(apps, (app, name) =>
    resolveReferences(name, app, stackApps, (api) => catalogue.get(appIdOf(api) ?? api)),
  )
}
