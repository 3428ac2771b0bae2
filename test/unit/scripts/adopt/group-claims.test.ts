import { expect, it } from 'vitest'
import { declareApplication } from '../../../../scripts/adopt/declare-application.ts'

it.each([
  ['SecurityGroup, ApplicationGroup', ['ApplicationGroup', 'SecurityGroup']],
  [' securitygroup ,DIRECTORYROLE', ['DirectoryRole', 'SecurityGroup']],
  ['SecurityGroup,SecurityGroup', ['SecurityGroup']],
])('reads the groups claim as registrations hold it: %j', (groupMembershipClaims, groups) => {
  const { declaration } = declareApplication({
    application: { groupMembershipClaims },
    federatedCredentials: [],
  } as unknown as Parameters<typeof declareApplication>[0])
  expect(declaration).toMatchObject({ claims: { groups } })
})
