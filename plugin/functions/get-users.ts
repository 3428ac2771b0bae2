import { createHash } from 'node:crypto'
import type { Graph } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, texts } from '../protocol/wire.ts'
import { type Entity, fromGraph } from '../schema/entity.ts'
import { type InputFailure, isAbsent, type Rule } from '../schema/property.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { findAll, findObject, notFound } from './find.ts'
import type { FunctionType } from './type.ts'
import { membersToSelect, USER_SUMMARY_FIELDS } from './user-fields.ts'

/** Arguments that name users, each with what Graph filters by. */
const FILTERS = {
  employeeIds: 'employeeId',
  mailNicknames: 'mailNickname',
  mails: 'mail',
  objectIds: 'id',
  userPrincipalNames: 'userPrincipalName',
} as const

const LOOK_UP = { noun: 'user', collection: '/users', select: membersToSelect(USER_SUMMARY_FIELDS) }

const names = (rule: Rule) => ({ type: 'list', element: { type: 'string', rule } }) as const

/** `azuread.getUsers`: all, or those that one list names, in its order. */
export const getUsers: FunctionType = {
  token: 'azuread:index/getUsers:getUsers',
  args: {
    employeeIds: names(notEmpty),
    ignoreMissing: { type: 'boolean' },
    mailNicknames: names(notEmpty),
    mails: names(notEmpty),
    objectIds: names(uuid),
    returnAll: { type: 'boolean' },
    userPrincipalNames: names(notEmpty),
  },
  validate,
  async call(graph, args) {
    const found = args['returnAll'] === true ? await everyUser(graph) : await namedUsers(graph, args)
    const users = found.map((user) => fromGraph(USER_SUMMARY_FIELDS, user))
    const namesOf = (property: string) => texts(users.map((user) => user[property] ?? ''))
    const digest = createHash('sha1').update(namesOf('userPrincipalName').join('/')).digest('base64')
    return {
      id: `users#${digest.replaceAll('+', '-').replaceAll('/', '_')}`,
      employeeIds: namesOf('employeeId'),
      ignoreMissing: args['ignoreMissing'] === true,
      mailNicknames: namesOf('mailNickname'),
      mails: namesOf('mail'),
      objectIds: namesOf('objectId'),
      returnAll: args['returnAll'] === true,
      userPrincipalNames: namesOf('userPrincipalName'),
      users,
    }
  },
}

function validate(args: Properties): InputFailure[] {
  // An empty list is one that is given: it names nobody.
  const lists = Object.keys(FILTERS).filter((name) => !isAbsent(args[name]))
  const given = [...lists, ...(args['returnAll'] === true ? ['returnAll'] : [])]
  const failures: InputFailure[] = []
  if (given.length !== 1) {
    const all = [...Object.keys(FILTERS), 'returnAll'].join(', ')
    const found = given.length === 0 ? 'none is' : `${given.join(' and ')} are`
    failures.push({
      property: given[0] ?? 'userPrincipalNames',
      reason: `exactly one of ${all} must be given, ${found}`,
    })
  }
  if (args['returnAll'] === true && args['ignoreMissing'] === true) {
    failures.push({ property: 'ignoreMissing', reason: 'cannot be given with returnAll' })
  }
  return failures
}

async function everyUser(graph: Graph): Promise<Entity[]> {
  const users = await graph.list(`/users?$select=${LOOK_UP.select.join(',')}`)
  if (users.length > 0) return users
  throw new PluginError('NOT_FOUND', 'There are no users in this tenant.')
}

async function namedUsers(graph: Graph, args: Properties): Promise<Entity[]> {
  const users: Entity[] = []
  for (const [argument, property] of Object.entries(FILTERS)) {
    for (const name of texts(args[argument])) {
      const found = await usersNamed(graph, argument, property, name)
      if (found.length === 0 && args['ignoreMissing'] !== true) throw notFound('user', property, name)
      users.push(...found)
    }
  }
  return users
}

async function usersNamed(graph: Graph, argument: string, property: string, name: string): Promise<Entity[]> {
  if (argument === 'objectIds') {
    const user = await findObject(graph, LOOK_UP, name)
    return user === undefined ? [] : [user]
  }
  const found = await findAll(graph, LOOK_UP, property, name)
  // Aliases need not be unique, and all who have one are meant.
  if (found.length < 2 || argument === 'mailNicknames') return found
  throw new PluginError('AMBIGUOUS', `Several users have the ${property} "${name}"; name them by object id.`)
}
