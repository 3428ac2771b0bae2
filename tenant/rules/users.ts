import { randomUUID } from 'node:crypto'
import type { Directory } from '../directory/directory.ts'
import { badRequest, invalidValue, valueRequired } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import type { Draft } from '../model/body.ts'
import { users } from '../model/people.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { type Data, type Entity, isObject } from '../store/entity.ts'
import { type Companion, softDelete } from './deleted-items.ts'
import { forgetReferences } from './references.ts'
import type { Made, Rules } from './rules.ts'

const RESOURCE = users.resourceName

/** Microsoft Entra ID: password policies. */
const MIN_PASSWORD_LENGTH = 8
const MIN_CHARACTER_KINDS = 3

/** Microsoft Graph: Create User, Update user, Delete a user. */
export const userRules: Rules = {
  create(draft: Draft, { directory, seeded }: GraphRequest): Made {
    if (draft.data['passwordProfile'] === null) throw valueRequired(RESOURCE, 'passwordProfile')
    const data = check(directory, draft.data)
    requireFreeName(directory, data)
    const createdDateTime = isoSecond(directory.now())
    return { id: seeded?.id ?? randomUUID(), data: { ...data, createdDateTime } }
  },

  update(current: Entity, draft: Draft, { directory }: GraphRequest): Data {
    const data = check(directory, draft.data)
    requireFreeName(directory, data, current)
    return data
  },

  remove(entity: Entity, { directory }: GraphRequest): void {
    const companions = [
      ['appRoleAssignments', 'principalId'],
      ['oauth2PermissionGrants', 'principalId'],
    ].flatMap(([set = '', property = '']): Companion[] =>
      directory.store.find(set, property, entity.id).map((each) => ({ set, entity: each })),
    )
    forgetReferences(directory, entity.id)
    softDelete(directory, users, entity, { companions })
  },
}

/** Checks a user, and takes out the password: nobody signs in here with one, so it is only held to the rules. */
function check(directory: Directory, data: Data): Data {
  checkPrincipalName(directory, String(data['userPrincipalName']))
  const { passwordProfile } = data
  if (isObject(passwordProfile)) checkPassword(passwordProfile['password'])
  return { ...data, passwordProfile: null }
}

function checkPrincipalName(directory: Directory, name: string): void {
  const [local = '', domain, ...more] = name.split('@')
  if (!/^[\w.'!#^~-]+$/.test(local) || domain === undefined || more.length > 0) {
    throw invalidValue(RESOURCE, 'userPrincipalName', 'It has to look like name@domain.')
  }
  const isVerified = [...directory.store.all('domains')].some(({ id }) => id === domain.toLowerCase())
  if (isVerified) return
  throw badRequest(
    'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
    [{ code: 'InvalidValue', message: `'${domain}' is not verified.`, target: 'userPrincipalName' }],
  )
}

function checkPassword(password: unknown): void {
  if (typeof password !== 'string' || password === '') {
    throw valueRequired(RESOURCE, 'passwordProfile.password')
  }
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length
  if (password.length >= MIN_PASSWORD_LENGTH && kinds >= MIN_CHARACTER_KINDS) return
  throw badRequest(
    'The specified password does not comply with password complexity requirements. Please provide a different password.',
    [
      {
        code: 'PasswordTooWeak',
        message: `A password has ${MIN_PASSWORD_LENGTH} characters and ${MIN_CHARACTER_KINDS} kinds of them.`,
        target: 'passwordProfile.password',
      },
    ],
  )
}

function requireFreeName(directory: Directory, data: Data, current?: Entity): void {
  const name = String(data['userPrincipalName'])
  const others = directory.store.find(users.name, 'userPrincipalName', name)
  if (others.every(({ id }) => id === current?.id)) return
  throw badRequest('Another object with the same value for property userPrincipalName already exists.', [
    { code: 'ObjectConflict', message: `'${name}' is in use.`, target: 'userPrincipalName' },
  ])
}
