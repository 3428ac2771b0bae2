import {
  type DeliveryDeclaration,
  type DeliveryDeclarations,
  type DeliveryKindName,
  kindOf,
  targetId,
} from '../../infra/declaration/schema/delivery.ts'
import { azureDevOpsTarget } from './azure-devops.ts'
import { dotenvTarget } from './dotenv.ts'
import { execTarget } from './exec.ts'
import { githubTarget } from './github.ts'
import { hashicorpVaultTarget } from './hashicorp-vault.ts'
import { keyVaultTarget } from './key-vault.ts'
import { kubernetesTarget } from './kubernetes.ts'
import { moduleTarget } from './module.ts'
import type { DeliveryOptions } from './options.ts'
import type { DeliveryTarget } from './target.ts'

export type { DeliveryOptions } from './options.ts'
export {
  type Delivery,
  DeliveryError,
  type DeliveryTarget,
  GenerationLost,
  type Receipt,
  type WriteOptions,
} from './target.ts'

/** Opens a target of one kind. Nothing is asked or loaded before the target is used. */
type Opener<Declared> = (id: string, declared: Declared, options: DeliveryOptions) => DeliveryTarget

const OPENERS: { readonly [Name in DeliveryKindName]: Opener<DeliveryDeclarations[Name]> } = {
  dotenv: dotenvTarget,
  keyVault: keyVaultTarget,
  hashicorpVault: hashicorpVaultTarget,
  kubernetes: kubernetesTarget,
  github: githubTarget,
  azureDevOps: azureDevOpsTarget,
  exec: execTarget,
  module: moduleTarget,
}

/** The target that a declaration describes. */
export function openTarget(declaration: DeliveryDeclaration, options: DeliveryOptions): DeliveryTarget {
  const [name, declared] = kindOf(declaration) ?? []
  if (!name) throw new TypeError('A delivery target without a kind')
  return (OPENERS[name] as Opener<typeof declared>)(targetId(declaration), declared, options)
}
