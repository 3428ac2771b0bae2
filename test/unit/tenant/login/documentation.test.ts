import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as general from '../../../../tenant/errors/login-error.ts'
import * as client from '../../../../tenant/login/refusals/client.ts'
import * as resource from '../../../../tenant/login/refusals/resource.ts'
import * as user from '../../../../tenant/login/refusals/user.ts'

const PAGE = new URL('../../../../docs/tenant-login.md', import.meta.url)

/** Fits every parameter that a refusal takes: a text, a date, an application. */
const anything = Object.assign(new Date(0), { appId: 'a', displayName: 'd' })

/** Each refusal that the login endpoints know, made once: `7000215 401 invalid_client`. */
function knownRefusals(): Set<string> {
  const modules = [general, client, resource, user]
  const makers = modules
    .flatMap((module) => Object.values(module))
    .filter((each) => typeof each === 'function')
  const made = makers.flatMap((maker): unknown[] => {
    if (/^(class|function)\b/.test(String(maker))) return []
    return [(maker as (...args: unknown[]) => unknown)(anything, anything, anything)]
  })
  const errors = made.filter((each) => each instanceof general.LoginError)
  return new Set(errors.map(({ code, status, error }) => `${code} ${status} ${error}`))
}

/** Rows such as `| 7000215 | 401 invalid_client | … |`. */
function documentedRefusals(): Set<string> {
  const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| (\d{5,7}) \| (\d{3}) (\w+) \|/gm)
  return new Set([...rows].map(([, code, status, error]) => `${code} ${status} ${error}`))
}

describe('docs/tenant-login.md', () => {
  it('lists every refusal of the login endpoints and no other', () => {
    expect([...documentedRefusals()].sort()).toEqual([...knownRefusals()].sort())
    expect(knownRefusals().size).toBeGreaterThan(50)
  })
})
