import type { Entity } from '../proof/directory/reader.ts'

/** A registration with everything that belongs to it, as Graph gives it. */
export interface ExistingRegistration {
  /** The application object of v1.0. */
  readonly application: Entity
  /** `oauth2RequirePostResponse`, which only beta shows. */
  readonly postResponseRequired: boolean
  readonly owners: readonly Entity[]
  readonly federatedCredentials: readonly Entity[]
  /** Absent when the tenant has none for it. */
  readonly servicePrincipal?: Entity
  readonly servicePrincipalOwners: readonly Entity[]
  /** Who is assigned to it: users, groups and service principals. */
  readonly assignedTo: readonly Entity[]
  /** App roles that its service principal holds on other APIs. */
  readonly assignments: readonly Entity[]
  /** Delegated permissions that somebody consented to. */
  readonly grants: readonly Entity[]
  /** Directory roles of its service principal. Absent where the deployer may not read them. */
  readonly roleAssignments?: readonly Entity[]
}

/** An API that the registration asks, or that somebody consented to. */
export interface NamedApi {
  /** What a declaration calls it: a name that leads back to it, else its app id. */
  readonly name: string
  /** What people call it. */
  readonly displayName: string
  readonly appId: string
  /** Object id of its service principal. */
  readonly servicePrincipalId: string
  /** Values of app roles by id, those without a value left out. */
  readonly roles: ReadonlyMap<string, string>
  /** Values of scopes by id. */
  readonly scopes: ReadonlyMap<string, string>
}

/** How a declaration names what the registration refers to by id. */
export interface Names {
  readonly tenantId: string
  /** Object id of the deployer. */
  readonly deployerId: string
  /** APIs of the tenant by app id, and by the object id of their service principals. */
  readonly apis: ReadonlyMap<string, NamedApi>
  /** Users, groups and service principals by object id; one that is missing is named by its id. */
  readonly principals: ReadonlyMap<string, string>
  /** Applications of the stack by client id. */
  readonly clients: ReadonlyMap<string, string>
}

/** A credential whose value only its maker knows. */
export interface ForeignCredential {
  readonly kind: 'secret' | 'certificate'
  /** Where it is kept. */
  readonly of: 'application' | 'service principal'
  readonly keyId: string
  /** Empty when it has none. */
  readonly displayName: string
  /** RFC 3339. */
  readonly endDate: string
}
