import * as pulumi from '@pulumi/pulumi'
import type { Generation } from '../rotation/generation.ts'

/** What the tenant made of a generation, and what consumers need of it. */
export interface IssuedCredential {
  readonly keyId: pulumi.Output<string>
  readonly endDate: pulumi.Output<string>
  /** A client secret's value, or key and certificate as PEM. A Pulumi secret. */
  readonly value: pulumi.Output<string>
  /** Of a certificate. */
  readonly thumbprint?: pulumi.Output<string>
}

/** A generation with what was issued for it. */
export interface IssuedGeneration<T extends IssuedCredential = IssuedCredential> {
  readonly generation: Generation
  /** Left out once it is retired. */
  readonly credential?: T
}

/** What the ledger keeps: key id and end as the tenant has them, rather than what was asked for. */
export function recordGeneration({ generation, credential }: IssuedGeneration): pulumi.Output<Generation> {
  if (!credential) return pulumi.output(generation)
  const { keyId, endDate, thumbprint } = credential
  return pulumi.output({ ...generation, keyId, endDate, ...(thumbprint && { thumbprint }) })
}

/** The values, by number of the generation. */
export function valuesByGeneration(
  generations: readonly IssuedGeneration[],
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    generations.flatMap(({ generation, credential }) =>
      credential ? [[generation.generation, credential.value]] : [],
    ),
  )
}
