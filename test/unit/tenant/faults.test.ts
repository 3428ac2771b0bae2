import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { movableClock } from '../../../tenant/control/clock.ts'
import { parseScript } from '../../../tenant/control/script.ts'
import { durationSchema } from '../../../tenant/faults/duration.ts'
import { Faults } from '../../../tenant/faults/faults.ts'
import { lagSchema, longestLag } from '../../../tenant/faults/lag.ts'
import { tokenBucket } from '../../../tenant/faults/quota.ts'
import { describeRequest, type FaultableRequest } from '../../../tenant/faults/request.ts'
import { type FaultRule, faultSchema } from '../../../tenant/faults/rule.ts'

const CALLER = '11111111-2222-4333-8444-555555555555'

const token = (claims: object) =>
  `Bearer ${['{"alg":"RS256"}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')}`

const request = (overrides: Partial<FaultableRequest> = {}): FaultableRequest => ({
  service: 'graph',
  method: 'POST',
  path: '/applications/1/addPassword',
  operation: 'addPassword',
  caller: CALLER,
  ...overrides,
})

const faultsOf = (...rules: FaultRule[]): Faults => {
  const faults = new Faults()
  for (const rule of rules) faults.add(faultSchema.parse(rule))
  return faults
}

describe('a request', () => {
  const raw = { method: 'GET', authorization: undefined, body: undefined, operation: undefined }

  it('of Graph has a path without version, and the caller of its token', () => {
    const authorization = token({ appid: CALLER.toUpperCase() })
    expect(
      describeRequest({ ...raw, url: '//BETA/applications?$top=1', authorization, operation: 'list' }),
    ).toEqual({ service: 'graph', method: 'GET', path: '/applications', operation: 'list', caller: CALLER })
  })

  it('of login has the client of its form or of HTTP Basic', () => {
    const body = new URLSearchParams({ client_id: CALLER })
    for (const url of ['/t/oauth2/v2.0/token', '/t/oauth2/token']) {
      expect(describeRequest({ ...raw, url, body })).toMatchObject({
        service: 'login',
        operation: 'token',
        caller: CALLER,
      })
    }
    const authorization = `Basic ${Buffer.from(`${CALLER}:s`).toString('base64')}`
    expect(describeRequest({ ...raw, url: '/t/oauth2/token', authorization }).caller).toBe(CALLER)
    expect(
      describeRequest({ ...raw, url: '/t/v2.0/.well-known/openid-configuration' }).operation,
    ).toBeUndefined()
  })

  it('with a token that is none has no caller', () => {
    for (const authorization of ['Bearer x', 'Bearer a.b.c', token({ appid: 1 }), 'x'])
      expect(describeRequest({ ...raw, url: '/v1.0/x', authorization }).caller).toBeUndefined()
  })
})

describe('a rule', () => {
  it.each<[FaultRule['on'], boolean]>([
    [{}, true],
    [{ path: '/applications/*/addPassword' }, true],
    [{ path: '/APPLICATIONS/*/addpassword/' }, true],
    [{ path: '/applications/*' }, false],
    [{ path: '/applications/**' }, true],
    [{ path: '/**/addPassword' }, true],
    [{ path: '/applications/./addPassword' }, false],
    [{ method: 'post', operation: 'ADDPASSWORD', service: 'graph', caller: CALLER.toUpperCase() }, true],
    [{ method: 'get' }, false],
    [{ method: ['patch', 'post'] }, true],
    [{ method: ['patch', 'get'] }, false],
    [{ operation: 'create' }, false],
    [{ service: 'login' }, false],
    [{ caller: 'another' }, false],
  ])('on %j fits or not (%s)', (on, fits) => {
    const faults = faultsOf({ effect: 'unavailable', on })
    expect(faults.before(request())).toHaveLength(fits ? 1 : 0)
  })

  it('lets some pass, then hits so many', () => {
    const faults = faultsOf({ effect: 'throttle', skip: 2, times: 3 })
    const hits = Array.from({ length: 8 }, () => faults.before(request()).length)
    expect(hits).toEqual([0, 0, 1, 1, 1, 0, 0, 0])
    expect(faults.list()[0]).toMatchObject({ seen: 5, hits: 3 })
  })

  it('with a quota hits what exceeds it, and only requests that it is about use it up', () => {
    const faults = faultsOf({
      effect: 'throttle',
      on: { method: ['POST'] },
      quota: { requests: 2, per: '1h' },
    })
    const hits = (method: string) => faults.before(request({ method })).length
    expect(['POST', 'GET', 'GET', 'POST', 'POST', 'GET', 'POST'].map(hits)).toEqual([0, 0, 0, 0, 1, 0, 1])
    expect(faults.list()[0]).toMatchObject({ seen: 4, hits: 2 })
  })

  it('has a quota that refills steadily, up to where it began, and that a refused request leaves alone', () => {
    let now = 0
    const take = tokenBucket({ requests: 3, per: 150_000 }, () => now)
    const taken = () => Array.from({ length: 5 }, take).filter(Boolean).length
    expect(taken()).toBe(3)
    now += 49_999
    expect(taken()).toBe(0)
    now += 1
    expect(taken()).toBe(1)
    now += 10_000_000
    expect(taken()).toBe(3)
  })

  it.each([
    { effect: 'unavailable', quota: { requests: 1, per: '1s' } },
    { effect: 'throttle', quota: { requests: 0, per: '1s' } },
    { effect: 'throttle', quota: { requests: 1, per: 0 } },
    { effect: 'throttle', quota: { requests: 1 } },
  ])('is refused: %j', (rule) => {
    expect(faultSchema.safeParse(rule).success).toBe(false)
  })

  it('strikes with its chance', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.05, max: 1, noNaN: true }), (seed, probability) => {
        const run = () => {
          const faults = faultsOf({ effect: 'unavailable', seed, probability })
          return Array.from({ length: 400 }, () => faults.before(request()).length)
        }
        const hits = run()
        expect(run()).toEqual(hits)
        const share = hits.reduce((sum, hit) => sum + hit, 0) / hits.length
        expect(Math.abs(share - probability)).toBeLessThan(0.15)
      }),
      { numRuns: 50 },
    )
  })

  it('that delays goes before the one that refuses, and what comes after that is spared', () => {
    const faults = faultsOf(
      { effect: 'delay', by: 1 },
      { effect: 'lose-answer' },
      { effect: 'throttle' },
      { effect: 'unavailable' },
    )
    expect(faults.before(request()).map(({ effect }) => effect)).toEqual(['delay', 'throttle'])
    expect(faults.after(request())?.effect).toBe('lose-answer')
    expect(faults.list().map(({ seen }) => seen)).toEqual([1, 1, 1, 0])
  })
})

describe('a duration', () => {
  it.each([
    ['250ms', 250],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    [7, 7],
  ])('%s is %i ms', (written, milliseconds) => {
    expect(durationSchema.parse(written)).toBe(milliseconds)
  })

  it.each(['', '5', '5 weeks', '-1s', -1, Number.NaN, null, true])('is not %s', (written) => {
    expect(durationSchema.safeParse(written).success).toBe(false)
  })
})

describe('lag', () => {
  it('is the same everywhere, but where it is named', () => {
    const lag = lagSchema.parse({ everywhere: '5s', roles: '1m', lists: { users: '2h' } })
    expect(lag).toMatchObject({ objects: 5000, secrets: 5000, roles: 60_000, lists: { users: 7_200_000 } })
    expect(longestLag(lag)).toBe(7_200_000)
    expect(longestLag(lagSchema.parse({}))).toBe(0)
  })
})

describe('the movable clock', () => {
  it('runs on with the other, from where it was put', () => {
    let base = 0
    const offsets: number[] = []
    const clock = movableClock(
      () => new Date(base),
      500,
      (offset) => offsets.push(offset),
    )
    expect(clock.now().getTime()).toBe(500)
    clock.advance(1000)
    base += 10
    expect(clock.now().getTime()).toBe(1510)
    clock.set(new Date(99))
    expect(clock.now().getTime()).toBe(99)
    base += 1
    expect(clock.now().getTime()).toBe(100)
    expect(offsets).toEqual([1500, 89])
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e20]) {
      expect(() => clock.advance(bad)).toThrow(expect.objectContaining({ code: 'CONTROL_INPUT' }))
    }
    expect(clock.now().getTime()).toBe(100)
  })
})

describe('a script', () => {
  it('may be empty, and says where its mistakes are', () => {
    expect(parseScript('', 'calm.yaml')).toEqual({})
    expect(() => parseScript('faults: [', 'broken.yaml')).toThrow(/broken\.yaml:.*line 1/s)
    const text = 'faults:\n  - effect: refuse\n    status: 200\nclock: { set: tomorrow }\nspeed: 2'
    expect(() => parseScript(text, 'wrong.yaml')).toThrow(
      /wrong\.yaml:.*clock\.set.*faults\[0\]\.status.*speed/s,
    )
  })
})
