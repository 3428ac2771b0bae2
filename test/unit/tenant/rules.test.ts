import { describe, expect, it } from 'vitest'
import { isGuid } from '../../../microsoft/guid.ts'
import { formatRecord, loggablePath, RequestLog } from '../../../tenant/audit/request-record.ts'
import { addYears, isoDate, isoSecond } from '../../../tenant/lib/clock.ts'
import { assignmentId, grantId, guidFrom, normaliseId } from '../../../tenant/lib/ids.ts'
import { hashSecret, newSecret, secretMatches } from '../../../tenant/lib/secrets.ts'
import { idFromReference } from '../../../tenant/model/body.ts'
import { checkEntitlements } from '../../../tenant/rules/entitlements.ts'
import { checkRedirectUris } from '../../../tenant/rules/redirect-uris.ts'

describe('ids', () => {
  it('follow from namespace and name as RFC 9562 version 5 has it', () => {
    // The example of RFC 9562, appendix A.4: DNS namespace, www.example.com.
    expect(guidFrom('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    )
  })

  it('follow from a namespace that is a GUID and no UUID of any version', () => {
    const tenant = '11111111-1111-1111-1111-111111111111'
    expect(guidFrom(tenant, 'deployer')).toBe(guidFrom(tenant.toUpperCase(), 'deployer'))
    expect(guidFrom(tenant, 'deployer')).not.toBe(guidFrom(tenant, 'users'))
  })

  it('of grants and assignments are base64url over GUIDs in their byte order', () => {
    const guid = '00112233-4455-6677-8899-aabbccddeeff'
    expect(Buffer.from(grantId(guid, guid), 'base64url').subarray(0, 16).toString('hex')).toBe(
      '33221100554477668899aabbccddeeff',
    )
    expect([grantId(guid, guid).length, grantId(guid, guid, guid).length, assignmentId(guid).length]).toEqual(
      [43, 64, 43],
    )
    expect(assignmentId(guid)).not.toBe(assignmentId(guid))
    expect(assignmentId(guid).slice(0, 20)).toBe(grantId(guid).slice(0, 20))
  })

  it('compare without case when they are GUIDs', () => {
    expect(normaliseId('ABCDEF00-0000-4000-8000-000000000000')).toBe('abcdef00-0000-4000-8000-000000000000')
    expect(normaliseId('AbC')).toBe('AbC')
    expect(isGuid('abcdef00-0000-4000-8000-00000000000')).toBe(false)
  })

  it.each([
    ['https://graph.microsoft.com/v1.0/directoryObjects/x', 'x'],
    ['https://graph.microsoft.com/v1.0/users/x', 'x'],
    ['x', 'x'],
  ])('stand at the end of %s', (address, id) => {
    expect(idFromReference(address)).toBe(id)
  })

  it.each([undefined, '', 5, 'https://graph.microsoft.com/'])('do not stand in %j', (address) => {
    expect(() => idFromReference(address)).toThrow('Invalid URL format')
  })
})

describe('dates', () => {
  it('have no fraction of zero', () => {
    expect(isoDate(new Date('2026-01-01T00:00:00.000Z'))).toBe('2026-01-01T00:00:00Z')
    expect(isoDate(new Date('2026-01-01T00:00:00.500Z'))).toBe('2026-01-01T00:00:00.500Z')
    expect(isoSecond(new Date('2026-01-01T00:00:00.999Z'))).toBe('2026-01-01T00:00:00Z')
  })

  it('move by calendar years', () => {
    expect(isoDate(addYears(new Date('2024-02-29T12:00:00Z'), 2))).toBe('2026-03-01T12:00:00Z')
  })
})

describe('secrets', () => {
  it('match their own hash and no other, and never repeat', () => {
    const [one, two] = [newSecret(), newSecret()]
    expect(one).toMatch(/^[\w.~-]{3}8Q~[\w.~-]{34}$/)
    expect(one).not.toBe(two)
    const kept = hashSecret(one)
    expect(JSON.stringify(kept)).not.toContain(one)
    expect([secretMatches(one, kept), secretMatches(two, kept), secretMatches('', kept)]).toEqual([
      true,
      false,
      false,
    ])
    expect(hashSecret(one)).not.toEqual(kept)
  })
})

describe('checkEntitlements', () => {
  const role = {
    id: 'A',
    isEnabled: true,
    value: 'v',
    description: null,
    allowedMemberTypes: ['User', 'Application'],
  }
  const off = { ...role, isEnabled: false }
  it.each([
    ['nothing changes', [role], [role], true],
    ['one is added', [role], [role, { ...role, id: 'B' }], true],
    ['the switch alone moves', [role], [off], true],
    [
      'null becomes empty, types change places, the id its case',
      [role],
      [{ ...role, id: 'a', description: '', allowedMemberTypes: ['Application', 'User'] }],
      true,
    ],
    ['a disabled one goes', [off], [], true],
    ['a disabled one changes and is enabled', [off], [{ ...role, value: 'w' }], true],
    ['an enabled one goes', [role], [], false],
    ['an enabled one changes', [role], [{ ...role, value: 'w' }], false],
    ['an enabled one changes while it is disabled', [role], [{ ...off, value: 'w' }], false],
  ])('when %s', (_name, before, after, allowed) => {
    const check = () => checkEntitlements(before, after)
    if (allowed) expect(check).not.toThrow()
    else expect(check).toThrow('unless disabled first')
  })
})

describe('checkRedirectUris', () => {
  it.each([
    ['web', 'https://example.com/callback', true],
    ['web', 'http://localhost:3000/callback', true],
    ['spa', 'http://127.0.0.1/', true],
    ['publicClient', 'myapp://auth', true],
    ['publicClient', 'http://example.com/', true],
    ['web', 'http://example.com/', false],
    ['web', 'http://localhost.example.com/', false],
    ['web', 'myapp://auth', false],
    ['spa', 'http://[::1]/', false],
    ['publicClient', 'no uri', false],
    ['publicClient', 'https://example.com/#fragment', false],
  ])('%s %s', (platform, uri, allowed) => {
    const check = () => checkRedirectUris({ [platform]: { redirectUris: [uri] } })
    if (allowed) expect(check).not.toThrow()
    else expect(check).toThrow(`Invalid value specified for property '${platform}.redirectUris'`)
  })
})

describe('the request log', () => {
  it('shows which options a query had, not what they held', () => {
    expect(loggablePath('/v1.0/users?$filter=mail eq secret&$top=1&x')).toBe('/v1.0/users?$filter&$top&x')
    expect(loggablePath('/v1.0/users')).toBe('/v1.0/users')
  })

  it('remembers the latest, up to its limit', () => {
    const log = new RequestLog(3)
    for (let n = 0; n < 20; n += 1)
      log.add({ at: '2026-01-31T12:00:00.000Z', method: 'GET', path: `/${n}`, status: 200, milliseconds: 0 })
    expect(log.latest().map(({ path }) => path)).toEqual(['/17', '/18', '/19'])
  })

  it('is one line for people', () => {
    const record = {
      at: '2026-01-31T12:00:00.000Z',
      method: 'GET',
      path: '/x',
      status: 501,
      milliseconds: 2,
      gap: 'not there',
    }
    expect(formatRecord(record)).toBe('GET /x 501 - 2ms  gap: not there')
    expect(formatRecord({ ...record, callerAppId: 'me' })).toContain(' me ')
  })
})
