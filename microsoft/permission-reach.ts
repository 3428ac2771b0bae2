import type { SiteRole } from './sites.ts'

/** What a permission reaches, and what reaches less. */
export interface PermissionFact {
  /** What its holder can do, as the end of "the application can …". */
  readonly reach: string
  /** A narrower way to the same end, with the document that describes it. Left out where none is known. */
  readonly narrower?: string
}

/** With the lines of a declaration that take its place. */
const selected = (role: SiteRole): string =>
  `Sites.Selected reaches chosen sites only; write permissions: { Microsoft Graph: { application: [Sites.Selected] } } and sites: { "https://contoso.sharepoint.com/sites/finance": ${role} } ("Overview of Selected permissions in OneDrive and SharePoint")`
const MAILBOXES =
  'an assignment in Exchange Online reaches chosen mailboxes only ("Role Based Access Control for Applications in Exchange Online")'

/** Application permissions of Microsoft Graph whose reach surprises people most ("Microsoft Graph permissions reference"). */
const APPLICATION: Readonly<Record<string, PermissionFact>> = {
  'Application.ReadWrite.All': {
    reach: 'change every application of the tenant and give itself their access',
    narrower: 'Application.ReadWrite.OwnedBy reaches the applications it owns',
  },
  'AppRoleAssignment.ReadWrite.All': {
    reach: 'grant any application permission to anything, itself included',
  },
  'Calendars.Read': { reach: 'read the calendars of every mailbox', narrower: MAILBOXES },
  'Calendars.ReadWrite': { reach: 'change the calendars of every mailbox', narrower: MAILBOXES },
  'Contacts.Read': { reach: 'read the contacts of every mailbox', narrower: MAILBOXES },
  'Contacts.ReadWrite': { reach: 'change the contacts of every mailbox', narrower: MAILBOXES },
  'Directory.Read.All': {
    reach: 'read everything in the directory',
    narrower: 'User.Read.All, Group.Read.All and their like reach one kind of object each',
  },
  'Directory.ReadWrite.All': {
    reach: 'change almost everything in the directory',
    narrower: 'User.ReadWrite.All, Group.ReadWrite.All and their like reach one kind of object each',
  },
  'Files.Read.All': { reach: 'read every file of the tenant', narrower: selected('read') },
  'Files.ReadWrite.All': {
    reach: 'read, change and delete every file of the tenant',
    narrower: selected('write'),
  },
  'Group.ReadWrite.All': {
    reach: 'change every group, its members and its content',
    narrower: 'GroupMember.ReadWrite.All reaches memberships, Group.Create new groups',
  },
  'Mail.Read': {
    reach: 'read all mail of every mailbox',
    narrower: `Mail.ReadBasic.All leaves out the text; ${MAILBOXES}`,
  },
  'Mail.ReadWrite': { reach: 'read, change and delete all mail of every mailbox', narrower: MAILBOXES },
  'Mail.Send': { reach: 'send mail as anyone', narrower: MAILBOXES },
  'RoleManagement.ReadWrite.Directory': {
    reach: 'give anyone any directory role, Global Administrator included',
  },
  'Sites.FullControl.All': {
    reach: 'do anything in every SharePoint site',
    narrower: selected('fullcontrol'),
  },
  'Sites.Read.All': { reach: 'read every SharePoint site', narrower: selected('read') },
  'Sites.ReadWrite.All': { reach: 'change every SharePoint site', narrower: selected('write') },
  'User.Read.All': {
    reach: 'read the full profile of every user',
    narrower: 'User.ReadBasic.All reaches names and addresses',
  },
  'User.ReadWrite.All': { reach: 'change every user' },
}

/** The same for delegated permissions, which reach no further than the signed-in user. */
const DELEGATED: Readonly<Record<string, PermissionFact>> = {
  'Directory.Read.All': {
    reach: 'read everything in the directory that the user may',
    narrower: 'User.ReadBasic.All and Group.Read.All reach one kind of object each',
  },
  'Files.Read.All': {
    reach: 'read every file that the user may',
    narrower: "Files.Read reaches the user's own files",
  },
  'Files.ReadWrite.All': {
    reach: 'change every file that the user may',
    narrower: "Files.ReadWrite reaches the user's own files",
  },
  'User.Read.All': {
    reach: 'read the full profile of every user',
    narrower: 'User.Read reaches the profile of the user, User.ReadBasic.All names and addresses of others',
  },
  offline_access: { reach: 'keep its access while the user is away' },
}

const FACTS = { application: APPLICATION, delegated: DELEGATED }

/**
 * What is known of a permission of Microsoft Graph.
 *
 * @returns `undefined` for one that is not in the tables
 */
export function permissionFact(kind: 'application' | 'delegated', name: string): PermissionFact | undefined {
  return Object.hasOwn(FACTS[kind], name) ? FACTS[kind][name] : undefined
}
