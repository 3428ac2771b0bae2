import type * as azuread from '@pulumi/azuread'
import type { ExposedIds } from '../declaration/derived-ids.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { ENTRY_TABLES } from './entry-settings.ts'
import {
  arranged,
  type ClaimKind,
  claimKey,
  claimsList,
  type ListOrder,
  propertiesList,
} from './list-order.ts'
import { type Members, planSettings, put } from './setting.ts'
import { declaredEntries } from './settings.ts'
import { APPLICATION_SETTINGS } from './settings-table.ts'

/** The part of the application that follows from the declaration alone, as the provider takes it. */
export type ApplicationPlan = Omit<
  azuread.ApplicationArgs,
  'owners' | 'requiredResourceAccesses' | 'identifierUris' | 'logoImage' | 'api'
> & {
  /** Apart from the clients it knows, whose ids may still have to be found. */
  readonly api?: azuread.types.input.ApplicationApi
}

/**
 * Decides what the application object holds. What is left out gets the provider's default.
 *
 * @param listOrder of lists that were adopted in an order of their own
 */
export function planApplication(
  app: AppDeclaration,
  ids: ExposedIds,
  listOrder: ListOrder = {},
): ApplicationPlan {
  const plan = planSettings(APPLICATION_SETTINGS, app)
  for (const { yaml, azuread: path, settings } of ENTRY_TABLES) {
    const entries = yaml.startsWith('claims.')
      ? arrangedClaims(app, yaml.slice('claims.'.length) as ClaimKind, listOrder)
      : declaredEntries(app, ids, yaml)
    if (entries.length > 0)
      put(
        plan,
        path,
        entries.map((entry) => planSettings(settings, entry)),
      )
  }
  return plan as unknown as ApplicationPlan
}

/** The provider compares these lists in order, so the order in the YAML must not matter. */
function arrangedClaims({ claims }: AppDeclaration, kind: ClaimKind, listOrder: ListOrder): Members[] {
  return arranged(claims[kind], claimKey, listOrder[claimsList(kind)]).map((claim) => ({
    ...claim,
    additionalProperties: arranged(
      claim.additionalProperties,
      (each) => each,
      listOrder[propertiesList(kind, claim)],
    ),
  }))
}

/** The member, or nothing where there is no value: the provider takes an explicit `undefined` as one. */
export function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V })
}
