import { z } from 'zod'
import { type Duration, durationSchema } from '../faults/duration.ts'
import { readInput, readYaml } from './input.ts'

const permissionsSchema = z.strictObject({
  /** App roles by value: assigned to the application. */
  application: z.array(z.string()).default([]),
  /** Scopes by value: consented to for everyone. */
  delegated: z.array(z.string()).default([]),
})

const secretSchema = z.strictObject({
  displayName: z.string(),
  /** How long ago it began; default: now. */
  issuedAgo: durationSchema.default(0),
  /** From its beginning; one that is shorter than `issuedAgo` is over. */
  lifetime: durationSchema,
})

const applicationSchema = z.looseObject({
  displayName: z.string().min(1),
  /** Whether it gets a service principal, which permissions need; default true. */
  servicePrincipal: z.boolean().default(true),
  /** By the display name or app id of the API. */
  permissions: z.record(z.string(), permissionsSchema).default({}),
  /** Secrets whose values nobody knows. */
  secrets: z.array(secretSchema).default([]),
  /** Bodies as Graph takes them. */
  federatedCredentials: z.array(z.record(z.string(), z.unknown())).default([]),
})

const userSchema = z.looseObject({
  displayName: z.string().min(1),
  /** With or without the domain. */
  userPrincipalName: z.string().min(1),
})

const groupSchema = z.looseObject({
  displayName: z.string().min(1),
  /** User principal names, with or without the domain. */
  members: z.array(z.string()).default([]),
})

const managedIdentitySchema = z.strictObject({
  /** That of its resource. */
  displayName: z.string().min(1),
  /** Of the user-assigned identity, or of the resource whose own identity it is; default: one made up from the name. */
  resourceId: z.string().startsWith('/subscriptions/').optional(),
  /** By the display name or app id of the API; nobody consents to delegated permissions for one. */
  permissions: z.record(z.string(), permissionsSchema.omit({ delegated: true })).default({}),
})

/**
 * What a directory is to hold beside what it has. All other members of an object are Graph's own, as in the body of a
 * create request; those that Graph insists on have defaults. An object of that name that is there already is left as it
 * is, so that the same seed can be given again.
 */
export const seedSchema = z.strictObject({
  users: z.array(userSchema).default([]),
  groups: z.array(groupSchema).default([]),
  applications: z.array(applicationSchema).default([]),
  managedIdentities: z.array(managedIdentitySchema).default([]),
})

/** A seed, checked and with its defaults. */
export type CheckedSeed = z.output<typeof seedSchema>

export type SeedPermissions = z.output<typeof permissionsSchema>

/** A seed as one writes it. */
export interface Seed {
  readonly users?: readonly {
    readonly displayName: string
    readonly userPrincipalName: string
    readonly [property: string]: unknown
  }[]
  readonly groups?: readonly {
    readonly displayName: string
    readonly members?: readonly string[]
    readonly [property: string]: unknown
  }[]
  readonly applications?: readonly {
    readonly displayName: string
    readonly servicePrincipal?: boolean
    readonly permissions?: {
      readonly [api: string]: {
        readonly application?: readonly string[]
        readonly delegated?: readonly string[]
      }
    }
    readonly secrets?: readonly {
      readonly displayName: string
      readonly issuedAgo?: Duration
      readonly lifetime: Duration
    }[]
    readonly federatedCredentials?: readonly object[]
    readonly [property: string]: unknown
  }[]
  readonly managedIdentities?: readonly {
    readonly displayName: string
    readonly resourceId?: string
    readonly permissions?: { readonly [api: string]: { readonly application?: readonly string[] } }
  }[]
}

/**
 * Reads a seed from YAML.
 *
 * @param name how messages call it, such as the name of its file
 * @throws ControlError `CONTROL_INPUT` naming every mistake with its path
 */
export function parseSeed(text: string, name: string): Seed {
  const seed = readYaml(text, name)
  readInput(seedSchema, seed, name)
  return seed as Seed
}
