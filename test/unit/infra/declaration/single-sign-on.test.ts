import { expect, it } from 'vitest'
import { singleSignOn } from '../../../../infra/declaration/schema/single-sign-on.ts'

const expiring = (expires: string) =>
  singleSignOn
    .safeParse({ signingCertificates: { main: { expires } } })
    .error?.issues.map(({ message }) => message)

it.each(['2029-01-31', '2028-02-29', '2029-01-31 00:00:00 +0000 UTC'])('takes the day %s', (day) => {
  expect(expiring(day)).toBeUndefined()
})

it.each([
  ['2029-02-29', 'there is no such day'],
  ['2029-02-31', 'there is no such day'],
  ['2029-13-01', 'there is no such day'],
  ['2029-1-31', 'a date is written as in 2029-01-31'],
  ['31.01.2029', 'a date is written as in 2029-01-31'],
])('refuses %s for one reason', (day, message) => {
  expect(expiring(day)).toEqual([message])
})
