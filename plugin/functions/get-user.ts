import { fromGraph, isEntity } from '../schema/entity.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { findOne } from './find.ts'
import { exactlyOne, type FunctionType } from './type.ts'
import { EMPLOYEE_ORG_FIELDS, membersToSelect, USER_FIELDS } from './user-fields.ts'

/** `azuread.getUser`: by user principal name, object id, mail, mail nickname or employee id. */
export const getUser: FunctionType = {
  token: 'azuread:index/getUser:getUser',
  args: {
    employeeId: { type: 'string', rule: notEmpty },
    mail: { type: 'string', rule: notEmpty },
    mailNickname: { type: 'string', rule: notEmpty },
    objectId: { type: 'string', rule: uuid },
    userPrincipalName: { type: 'string', rule: notEmpty },
  },
  validate: exactlyOne('employeeId', 'mail', 'mailNickname', 'objectId', 'userPrincipalName'),
  async call(graph, args) {
    const user = await findOne(
      graph,
      {
        noun: 'user',
        collection: '/users',
        filters: {
          userPrincipalName: 'userPrincipalName',
          mail: 'mail',
          mailNickname: 'mailNickname',
          employeeId: 'employeeId',
        },
        select: membersToSelect({ ...USER_FIELDS, ...EMPLOYEE_ORG_FIELDS }),
      },
      args,
    )
    const id = `/users/${user['id']}`
    const manager = await graph.find(`${id}/manager`)
    return {
      id,
      ...fromGraph(USER_FIELDS, user),
      ...(isEntity(user['employeeOrgData']) && fromGraph(EMPLOYEE_ORG_FIELDS, user)),
      managerId: String(manager?.['id'] ?? ''),
    }
  },
}
