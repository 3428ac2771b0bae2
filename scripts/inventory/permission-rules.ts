import { ESCALATING_PERMISSIONS } from '../../infra/rules/permissions.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { ESCALATING_DIRECTORY_ROLES } from '../../microsoft/built-in-roles.ts'
import type { Entry, Permission } from './report.ts'
import { GRANTED, type InventoryRule, REGISTERED } from './rule.ts'

const GRANTING = 'Grant or revoke API permissions programmatically'
const REFERENCE = 'Microsoft Graph permissions reference'

/** Rules about what an application may do. */
export const permissionRules: readonly InventoryRule[] = [
  {
    id: 'EI301',
    name: 'permission-escalates',
    severity: 'high',
    summary: 'No granted application permission leads to Global Administrator.',
    fix: 'revoke it, or grant a narrower one (Application.ReadWrite.OwnedBy covers objects of its own)',
    source: GRANTING,
    kinds: GRANTED,
    needs: ['applicationPermissions'],
    check: (entry) =>
      grantedOnGraph(entry)
        .filter(escalates)
        .map(({ name }) => `with ${name}, ${ESCALATING_PERMISSIONS[name]}`),
  },
  {
    id: 'EI302',
    name: 'directory-role-escalates',
    severity: 'high',
    summary: 'No assigned directory role leads to Global Administrator.',
    fix: 'remove the assignment, or assign a narrower role',
    source: 'Privileged roles and permissions in Microsoft Entra ID',
    kinds: GRANTED,
    needs: ['directoryRoles'],
    check: ({ directoryRoles }) =>
      [...new Set(directoryRoles)]
        .filter((role) => Object.hasOwn(ESCALATING_DIRECTORY_ROLES, role))
        .map((role) => `as ${role}, ${ESCALATING_DIRECTORY_ROLES[role]}`),
  },
  {
    id: 'EI303',
    name: 'permission-reaches-everything',
    severity: 'medium',
    summary:
      'No granted application permission reaches all mail, all files, all sites or all of the directory.',
    fix: 'grant a narrower one, or revoke it',
    source: REFERENCE,
    kinds: GRANTED,
    needs: ['applicationPermissions'],
    check: (entry) =>
      grantedOnGraph(entry)
        .filter((each) => each.reach !== undefined && !escalates(each))
        .map(({ name, reach }) => `with ${name}, it can ${reach}`),
  },
  {
    id: 'EI304',
    name: 'consented-not-requested',
    severity: 'low',
    summary: 'What an administrator consented to, the registration asks for.',
    fix: 'revoke the consent, or add the permission to the registration',
    source: GRANTING,
    kinds: REGISTERED,
    check: ({ permissions }) =>
      permissions
        .filter(({ granted, requested }) => granted && !requested)
        .map((each) => `${nameOf(each)} is consented to, and the registration does not ask for it`),
  },
  {
    id: 'EI305',
    name: 'requested-not-consented',
    severity: 'low',
    summary: 'Application permissions that a registration asks for are consented to.',
    fix: 'consent to it, or remove it from the registration',
    source: GRANTING,
    kinds: REGISTERED,
    needs: ['applicationPermissions'],
    check: ({ permissions }) =>
      permissions
        .filter(({ kind, granted, requested }) => kind === 'application' && requested && !granted)
        .map((each) => `${nameOf(each)} is asked for, and nobody consented to it`),
  },
]

function grantedOnGraph({ permissions }: Entry): readonly Permission[] {
  return permissions.filter(
    ({ apiAppId, kind, granted }) => granted && kind === 'application' && apiAppId === MICROSOFT_GRAPH_APP_ID,
  )
}

function escalates({ name }: Permission): boolean {
  return Object.hasOwn(ESCALATING_PERMISSIONS, name)
}

function nameOf({ api, kind, name }: Permission): string {
  return `the ${kind} permission ${name} of ${api}`
}
