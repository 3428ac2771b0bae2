import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import type { AppDeclaration } from '../declaration.ts'
import { type Generation, hasConsumers, isLive } from '../generation.ts'
import type { GenerationOutputs } from '../outputs.ts'
import { mapValues } from '../records.ts'

/** A generation with the resource that holds it. */
export interface SecretGeneration {
  readonly generation: Generation
  /** Left out once it is retired. */
  readonly password?: azuread.ApplicationPassword
}

/** Each live generation is a resource of its own, so that issuing one never replaces another. */
export function issueSecrets(
  name: string,
  app: AppDeclaration,
  generations: Readonly<Record<string, readonly Generation[]>>,
  application: azuread.Application,
  parent: pulumi.Resource,
): Record<string, SecretGeneration[]> {
  return mapValues(app.secrets, (secret, secretName) =>
    (generations[secretName] ?? []).map((generation) => {
      if (!isLive(generation)) return { generation }
      const password = new azuread.ApplicationPassword(
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
      return { generation, password }
    }),
  )
}

/** What a report may show of a live generation. */
export function describeGeneration({
  generation,
  password,
}: SecretGeneration): pulumi.Output<GenerationOutputs>[] {
  if (!password) return []
  const { keyId, displayName, endDate } = password
  return [
    pulumi.output({
      generation: generation.generation,
      phase: generation.phase,
      keyId,
      displayName,
      endDate,
    }) as pulumi.Output<GenerationOutputs>,
  ]
}

/** What the ledger keeps: the key id and the end that the tenant gave it, rather than what was asked for. */
export function recordGeneration({ generation, password }: SecretGeneration): pulumi.Output<Generation> {
  if (!password) return pulumi.output(generation)
  const { keyId, endDate } = password
  return pulumi.output({ ...generation, keyId, endDate })
}

/** The values, by number of the generation. */
export function valuesByGeneration(
  generations: readonly SecretGeneration[],
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    generations.flatMap(({ generation, password }) =>
      password ? [[generation.generation, password.value]] : [],
    ),
  )
}
