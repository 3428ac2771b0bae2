import { readFileSync } from 'node:fs'
import { DIRECTORY_ROLES } from './directory-roles.ts'
import { isGuid } from './guid.ts'

/** A directory role as a declaration refers to it. */
export interface NamedDirectoryRole {
  /** Display name of a built-in role; the id of any other one. */
  readonly name: string
  /** Template id of a built-in role; definition id of any other one. */
  readonly id: string
}

/** Template ids of the built-in directory roles, by display name ("Microsoft Entra built-in roles"). */
export const BUILT_IN_ROLES: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('built-in-roles.json', import.meta.url), 'utf8'),
)

const BY_REFERENCE = new Map(
  Object.entries(BUILT_IN_ROLES).flatMap(([name, id]) => [
    [name.toLowerCase(), { name, id }],
    [id, { name, id }],
  ]),
)

/** The role that a name, whatever its case, or an id stands for; `undefined` for a name that no built-in role has. */
export function findDirectoryRole(reference: string): NamedDirectoryRole | undefined {
  const key = reference.trim().toLowerCase()
  return BY_REFERENCE.get(key) ?? (isGuid(key) ? { name: key, id: key } : undefined)
}

/** What holders of a role can do, as the end of "it can …"; `undefined` where that is not known here. */
export function reachOfDirectoryRole(id: string): string | undefined {
  return DIRECTORY_ROLES[id]?.description.replace(/^Can /, '').replace(/\.$/, '')
}

const ADDS_SECRETS = 'it can add a secret to any application, and act as that'

/** Built-in directory roles whose holder can become Global Administrator ("Privileged roles and permissions in Microsoft Entra ID"). */
export const ESCALATING_DIRECTORY_ROLES: Readonly<Record<string, string>> = {
  'Global Administrator': 'it can do anything in the tenant',
  'Privileged Role Administrator': 'it can make itself Global Administrator',
  'Privileged Authentication Administrator':
    'it can reset how a Global Administrator signs in, and act as that person',
  'Application Administrator': ADDS_SECRETS,
  'Cloud Application Administrator': ADDS_SECRETS,
  'Hybrid Identity Administrator': 'it can change federation, and with that sign in as anyone',
  'Domain Name Administrator': 'it can federate a domain, and with that sign in as anyone in it',
  'External Identity Provider Administrator': 'it can change federation, and with that sign in as others',
  'Directory Synchronization Accounts':
    'it can overwrite people that are synchronised, administrators included',
  'Partner Tier2 Support': 'it can reset passwords of administrators',
}
