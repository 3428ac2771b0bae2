import { badRequest, invalidValue } from '../errors/graph-error.ts'
import type { Draft } from '../model/body.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { appManagementPolicies, defaultAppManagementPolicy } from '../model/policies.ts'
import { type Data, type Entity, isObject, type Json, objects } from '../store/entity.ts'
import { plainRules } from './plain.ts'
import type { Made, Rules } from './rules.ts'

/** Microsoft Graph: Update tenantAppManagementPolicy. */
export const defaultPolicyRules: Rules = {
  create(): Made {
    throw badRequest('A tenant has one default app management policy, which is there already.')
  },

  update(_current: Entity, draft: Draft): Data {
    for (const name of ['applicationRestrictions', 'servicePrincipalRestrictions']) {
      checkRestrictions(defaultAppManagementPolicy, name, draft.data[name])
    }
    return draft.data
  },

  remove(): void {
    throw badRequest('The default app management policy cannot be deleted.')
  },
}

/** Microsoft Graph: Create, Update and Delete appManagementPolicy. */
export const appManagementPolicyRules: Rules = plainRules(appManagementPolicies, (data) =>
  checkRestrictions(appManagementPolicies, 'restrictions', data['restrictions']),
)

/** @throws GraphError 400 for a lifetime restriction without a duration, or one that is none */
function checkRestrictions(set: EntitySet, path: string, restrictions: Json | undefined): void {
  if (!isObject(restrictions)) return
  for (const kind of ['passwordCredentials', 'keyCredentials']) {
    for (const { restrictionType, maxLifetime } of objects(restrictions[kind])) {
      const needsOne = String(restrictionType).endsWith('Lifetime')
      const target = `${path}.${kind}.maxLifetime`
      if (needsOne && (typeof maxLifetime !== 'string' || durationMs(maxLifetime) === undefined)) {
        throw invalidValue(set.resourceName, target, `'${restrictionType}' needs a duration such as P90D.`)
      }
    }
  }
}

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

const SECOND = 1000
const DAY = 86_400 * SECOND

/** Milliseconds of each part of a duration, in its order; years and months as the average policy means them. */
const PARTS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, 3600 * SECOND, 60 * SECOND, SECOND]

/** Milliseconds in an ISO 8601 duration (`P90D`); undefined for text that is none. */
export function durationMs(text: string): number | undefined {
  const parts = DURATION.exec(text)?.slice(1)
  if (parts === undefined || parts.every((part) => part === undefined)) return undefined
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (PARTS[index] ?? 0), 0)
}
