import * as azuread from '@pulumi/azuread'
import { mapValues } from '../../lib/map-values.ts'
import { hasConsumers, isLive } from '../rotation/generation.ts'
import type { ApplicationContext } from './context.ts'
import type { IssuedGeneration } from './generations.ts'

/** Each live generation is a resource of its own, so that issuing one never replaces another. */
export function issueSecrets({
  name,
  app,
  generations,
  application,
  parent,
}: ApplicationContext): Record<string, IssuedGeneration<azuread.ApplicationPassword>[]> {
  return mapValues(app.secrets, (secret, secretName) =>
    (generations[secretName] ?? []).map((generation) => {
      if (!isLive(generation)) return { generation }
      const credential = new azuread.ApplicationPassword(
        `${name}-${secretName}-g${generation.generation}`,
        {
          applicationId: application.id,
          displayName: `${secret.displayName} g${generation.generation}`,
          // Always computed here: the provider accepts `endDateRelative` and silently ignores it.
          endDate: generation.endDate,
        },
        {
          parent,
          // A date that differs from the issued one must never replace a secret that consumers hold.
          ignoreChanges: ['endDate', 'displayName'],
          protect: hasConsumers(generation),
        },
      )
      return { generation, credential }
    }),
  )
}
