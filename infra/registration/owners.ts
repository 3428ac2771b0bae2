import * as pulumi from '@pulumi/pulumi'
import type { RegistrationContext } from './context.ts'

/** Owners' object ids, by declared name. */
type DeclaredOwners = Readonly<Record<string, pulumi.Output<string>>>

/** Who owns an application and its service principal. */
export interface Owners {
  /** Of the application, without the deployer. */
  readonly declared: DeclaredOwners
  /** Object ids, sorted, the deployer's included where it is one. */
  readonly application: pulumi.Output<string[]>
  readonly servicePrincipal: pulumi.Output<string[]>
}

/**
 * Looks up the owners of both objects; the service principal has those of the application unless its own are declared.
 */
export function findOwners({ app, deployer, principals, stackApps }: RegistrationContext): Owners {
  const { owners, deployerIsOwner, servicePrincipal: own } = app
  const find = (names: readonly string[]): DeclaredOwners =>
    Object.fromEntries(names.map((name) => [name, principals.owner(name, stackApps)]))
  const idsOf = (found: DeclaredOwners, withDeployer: boolean) =>
    pulumi
      .all([...(withDeployer ? [deployer.objectId] : []), ...Object.values(found)])
      .apply((ids) => [...new Set(ids)].sort())
  const declared = find(owners)
  return {
    declared,
    application: idsOf(declared, deployerIsOwner),
    servicePrincipal: idsOf(find(own.owners ?? owners), own.deployerIsOwner ?? deployerIsOwner),
  }
}
