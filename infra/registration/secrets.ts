import * as azuread from '@pulumi/azuread'
import type * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { type Generation, hasConsumers, isLive } from '../rotation/generation.ts'
import type { IssuedGeneration } from './generations.ts'

/** Each live generation is a resource of its own, so that issuing one never replaces another. */
export function issueSecrets(
  name: string,
  app: AppDeclaration,
  generations: Readonly<Record<string, readonly Generation[]>>,
  application: azuread.Application,
  parent: pulumi.Resource,
): Record<string, IssuedGeneration<azuread.ApplicationPassword>[]> {
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
