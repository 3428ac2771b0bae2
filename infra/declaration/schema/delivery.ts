import { z } from 'zod'
import { mapValues } from '../../../lib/map-values.ts'
import { azureDevOps } from './delivery/azure-devops.ts'
import { dotenv } from './delivery/dotenv.ts'
import { exec } from './delivery/exec.ts'
import { github } from './delivery/github.ts'
import { hashicorpVault } from './delivery/hashicorp-vault.ts'
import { keyVault } from './delivery/key-vault.ts'
import type { DeliveryKind } from './delivery/kind.ts'
import { kubernetes } from './delivery/kubernetes.ts'
import { module } from './delivery/module.ts'

/** Every kind, by its key in a declaration. `scripts/delivery` has an opener for each. */
const KINDS = { dotenv, keyVault, hashicorpVault, kubernetes, github, azureDevOps, exec, module }

type Kinds = typeof KINDS
export type DeliveryKindName = keyof Kinds
/** What is declared of each kind. */
export type DeliveryDeclarations = { [Name in DeliveryKindName]: z.output<Kinds[Name]['schema']> }

const shape = mapValues(KINDS, ({ schema }: { schema: z.ZodType }) => schema.optional()) as {
  [Name in DeliveryKindName]: z.ZodOptional<Kinds[Name]['schema']>
}

/** One place where consumers read a secret: a mapping with exactly one of the kinds. */
export const deliveryDeclaration = z
  .strictObject(shape)
  .refine(
    (target) => Object.values(target).filter((kind) => kind !== undefined).length === 1,
    `a delivery target is one of ${Object.keys(KINDS).join(', ')}`,
  )

export type DeliveryDeclaration = z.infer<typeof deliveryDeclaration>
/** As it is written, with defaults left out. */
export type DeliveryDeclarationInput = z.input<typeof deliveryDeclaration>

/**
 * The one kind that a declaration has, and what it says of it.
 *
 * @returns undefined for one that was refused for having none
 */
export function kindOf(
  target: DeliveryDeclaration,
): readonly [DeliveryKindName, DeliveryDeclarations[DeliveryKindName]] | undefined {
  return Object.entries(target).find(([, declared]) => declared !== undefined) as ReturnType<typeof kindOf>
}

/**
 * Names a target in the ledger and in reports: the same for the same place, another for another.
 *
 * @returns such as `dotenv:.env#CLIENT_SECRET` or `github:owner/name/production/CLIENT_SECRET`
 */
export function targetId(target: DeliveryDeclaration): string {
  const [name, declared] = kindOf(target) ?? []
  return name ? `${name}:${definitionOf(name).id(declared)}` : 'none'
}

/**
 * The place itself, however it is spelt.
 *
 * @param realPath the file that a path leads to
 * @returns undefined for a place that is told which credential it gets, and so may hold several
 */
export function placeOf(target: DeliveryDeclaration, realPath: (file: string) => string): string | undefined {
  const [name, declared] = kindOf(target) ?? []
  const place = name && definitionOf(name).place(declared, realPath)
  return place === undefined ? undefined : `${name}:${place}`
}

/** The kind of a declaration that was parsed with its schema. */
function definitionOf(name: DeliveryKindName): DeliveryKind<z.ZodType> {
  return KINDS[name] as unknown as DeliveryKind<z.ZodType>
}
