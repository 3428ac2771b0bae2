import { z } from 'zod'
import { DAY } from '../../lib/duration.ts'
import { SITE_ROLES, type SiteRole } from '../../microsoft/sites.ts'
import { type Duration, durationSchema } from '../faults/duration.ts'
import type { SeedFolder } from '../seed/drive.ts'
import { readInput, readYaml } from './input.ts'

const permissionsSchema = z.strictObject({
  /** App roles by value: assigned to the application. */
  application: z.array(z.string()).default([]),
  /** Scopes by value: consented to for everyone. */
  delegated: z.array(z.string()).default([]),
})

const idSchema = z.guid({ error: 'has to be a GUID' }).optional()

const secretSchema = z.strictObject({
  displayName: z.string().default('seeded'),
  /** How long ago it began; default: now. */
  issuedAgo: durationSchema.default(0),
  /** From its beginning; one that is shorter than `issuedAgo` is over. */
  lifetime: durationSchema.default(180 * DAY),
  /** The secret itself, for a client under test; default: one that nobody knows. */
  value: z.string().min(8).optional(),
})

/** As in a declaration: either a user or a group, and the value of an app role. */
const assignmentSchema = z
  .strictObject({
    /** With or without the domain. */
    user: z.string().optional(),
    group: z.string().optional(),
    /** Default: access without a role. */
    role: z.string().optional(),
  })
  .refine(({ user, group }) => (user === undefined) !== (group === undefined), {
    error: "has to name one of 'user' and 'group'",
  })

const applicationSchema = z.looseObject({
  displayName: z.string().min(1),
  /** Its client id; default: one that the directory makes. */
  appId: idSchema,
  /** Whether it gets a service principal, which permissions need; default true. */
  servicePrincipal: z.boolean().default(true),
  /** By the display name or app id of the API. */
  permissions: z.record(z.string(), permissionsSchema).default({}),
  /** Who is assigned to it. */
  assignments: z.array(assignmentSchema).default([]),
  secrets: z.array(secretSchema).default([]),
  /** Bodies as Graph takes them. */
  federatedCredentials: z.array(z.record(z.string(), z.unknown())).default([]),
})

const userSchema = z.looseObject({
  /** Its object id; default: one that the directory makes. */
  id: idSchema,
  displayName: z.string().min(1),
  /** With or without the domain. */
  userPrincipalName: z.string().min(1),
})

const groupSchema = z.looseObject({
  /** Its object id; default: one that the directory makes. */
  id: idSchema,
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

const folderSchema: z.ZodType<SeedFolder> = z.record(
  z.string(),
  z.union([z.number().int().nonnegative(), z.lazy(() => folderSchema)], {
    error: 'has to be the size of a file in bytes, or a folder',
  }),
)

const siteSchema = z
  .strictObject({
    /** Below the host of the tenant's sites. */
    path: z.string().regex(/^\/(sites|teams)\/[\w.-]+$/, 'has to be a path such as /sites/finance'),
    /** Default: the end of the path. */
    displayName: z.string().min(1).optional(),
    /** What its library holds: files by their sizes in bytes, and folders. */
    files: folderSchema.default({}),
    /** What it grants to applications (Sites.Selected): roles by display name or app id. */
    permissions: z.record(z.string(), z.array(z.enum(SITE_ROLES))).default({}),
  })
  .transform((site) => ({ ...site, displayName: site.displayName ?? site.path.split('/').at(-1) ?? '' }))

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
  sites: z.array(siteSchema).default([]),
})

/** A seed, checked and with its defaults. */
export type CheckedSeed = z.output<typeof seedSchema>

export type SeedPermissions = z.output<typeof permissionsSchema>

/** A seed as one writes it. */
export interface Seed {
  readonly users?: readonly {
    readonly id?: string
    readonly displayName: string
    readonly userPrincipalName: string
    readonly [property: string]: unknown
  }[]
  readonly groups?: readonly {
    readonly id?: string
    readonly displayName: string
    readonly members?: readonly string[]
    readonly [property: string]: unknown
  }[]
  readonly applications?: readonly {
    readonly displayName: string
    readonly appId?: string
    readonly servicePrincipal?: boolean
    readonly permissions?: {
      readonly [api: string]: {
        readonly application?: readonly string[]
        readonly delegated?: readonly string[]
      }
    }
    readonly assignments?: readonly {
      readonly user?: string
      readonly group?: string
      readonly role?: string
    }[]
    readonly secrets?: readonly {
      readonly displayName?: string
      readonly issuedAgo?: Duration
      readonly lifetime?: Duration
      readonly value?: string
    }[]
    readonly federatedCredentials?: readonly object[]
    readonly [property: string]: unknown
  }[]
  readonly managedIdentities?: readonly {
    readonly displayName: string
    readonly resourceId?: string
    readonly permissions?: { readonly [api: string]: { readonly application?: readonly string[] } }
  }[]
  readonly sites?: readonly {
    readonly path: string
    readonly displayName?: string
    readonly files?: SeedFolder
    readonly permissions?: { readonly [application: string]: readonly SiteRole[] }
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
