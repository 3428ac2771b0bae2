import { z } from 'zod'
import { singleSignOn } from './single-sign-on.ts'

/** An owner: object id, user principal name, application of the stack, or display name of a service principal. */
export const owner = z
  .string()
  .min(1)
  .describe(
    'User principal name, object id, name of an application of this stack, or display name of a service principal',
  )

/** Who is assigned to the application, and as what. */
export const assignment = z
  .strictObject({
    user: z.string().min(1).optional().describe('User principal name or object id'),
    group: z.string().min(1).optional().describe('Display name or object id of a security group'),
    role: z
      .string()
      .min(1)
      .optional()
      .describe('App role of this application. Default: access without a role'),
  })
  .refine(
    ({ user, group }) => (user === undefined) !== (group === undefined),
    'an assignment names either a user or a group',
  )

/** Whether the deployer is one of the owners. */
export const deployerIsOwner = z
  .boolean()
  .describe(
    'false: the deployer is not an owner, as of an application that was adopted. It then needs Application.ReadWrite.All to change it. Default: true',
  )

/** What the tenant keeps about the application beside its registration. */
export const servicePrincipal = z.strictObject({
  enabled: z.boolean().default(true).describe('A disabled one gets no tokens'),
  assignmentRequired: z
    .boolean()
    .default(false)
    .describe('Only users, groups and applications that are assigned get tokens'),
  visibleToUsers: z.boolean().default(true).describe('Shown on the My Apps page'),
  description: z.string().min(1).optional(),
  notes: z.string().min(1).optional(),
  notificationEmailAddresses: z.array(z.string().min(1)).default([]),
  loginUrl: z.string().optional(),
  alternativeNames: z
    .array(z.string().min(1))
    .default([])
    .describe('Further names, by which managed identities and subscriptions find it'),
  singleSignOn: singleSignOn.prefault({}),
  owners: z.array(owner).optional().describe('Owners beside the deployer. Default: those of the application'),
  deployerIsOwner: deployerIsOwner.optional().describe('Default: as for the application'),
  tags: z.array(z.string()).default([]),
})
