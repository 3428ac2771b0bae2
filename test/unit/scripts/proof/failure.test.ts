import { describe, expect, it } from 'vitest'
import {
  graphFailure,
  loginFailure,
  networkFailure,
  parseRetryAfter,
} from '../../../../scripts/proof/catalogue/failure.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  header: (name: string) => headers[name],
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('loginFailure', () => {
  it('keeps code, sentence and ids of a refusal, and leaves the trace lines out of the sentence', () => {
    const body = {
      error: 'invalid_client',
      error_description:
        'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: t\r\nCorrelation ID: c\r\nTimestamp: 2026-03-01 12:00:00Z',
      error_codes: [7000215],
      timestamp: '2026-03-01 12:00:00Z',
      trace_id: 't',
      correlation_id: 'c',
    }
    expect(loginFailure(answer(401, body, { 'x-ms-request-id': 'r' }), NOW)).toEqual({
      source: 'login',
      code: 'AADSTS7000215',
      status: 401,
      message: 'AADSTS7000215: Invalid client secret provided.',
      oauthError: 'invalid_client',
      support: { requestId: 'r', correlationId: 'c', traceId: 't', timestamp: '2026-03-01 12:00:00Z' },
    })
  })

  it('takes the number from the sentence when the list is missing, and the OAuth error when there is none', () => {
    const described = { error: 'invalid_client', error_description: 'AADSTS700016: Application not found.' }
    expect(loginFailure(answer(400, described), NOW).code).toBe('AADSTS700016')
    expect(loginFailure(answer(503, { error: 'temporarily_unavailable' }), NOW).code).toBe(
      'temporarily_unavailable',
    )
  })

  it("makes do with a proxy's page", () => {
    const failure = loginFailure(answer(502, '<html><h1>Bad  Gateway</h1></html>'), NOW)
    expect(failure).toMatchObject({ code: 'HTTP 502', message: 'HTTP 502: Bad Gateway' })
  })
})

describe('graphFailure', () => {
  it('keeps code, message and ids', () => {
    const body = {
      error: {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
        innerError: { date: '2026-03-01T12:00:00', 'request-id': 'r', 'client-request-id': 'c' },
      },
    }
    expect(graphFailure(answer(403, body), NOW)).toEqual({
      source: 'graph',
      code: 'Authorization_RequestDenied',
      status: 403,
      message: 'Insufficient privileges to complete the operation.',
      support: { requestId: 'r', correlationId: 'c', timestamp: '2026-03-01T12:00:00' },
    })
  })

  it('reads Retry-After', () => {
    expect(graphFailure(answer(429, '', { 'retry-after': '7' }), NOW).retryAfterMs).toBe(7000)
  })
})

describe('parseRetryAfter', () => {
  it.each([
    ['3', 3000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected)
  })
})

describe('networkFailure', () => {
  const coded = (code: string, message: string) => Object.assign(new Error(message), { code })

  it('finds the deepest code and names the host', () => {
    const error = new TypeError('fetch failed', {
      cause: coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'),
    })
    expect(networkFailure(error, 'https://login.example/x')).toMatchObject({
      source: 'network',
      code: 'ECONNREFUSED',
      message: 'login.example: connect ECONNREFUSED 127.0.0.1:1',
    })
  })

  it('looks into each address that was tried', () => {
    const tried = new AggregateError([coded('EHOSTUNREACH', 'a'), coded('ECONNREFUSED', 'b')])
    expect(networkFailure(new TypeError('fetch failed', { cause: tried }), 'https://h/').code).toBe(
      'ECONNREFUSED',
    )
  })

  it('calls a timeout by its name', () => {
    const error = Object.assign(new Error('The operation was aborted due to timeout'), {
      name: 'TimeoutError',
    })
    expect(networkFailure(error, 'https://h/').code).toBe('ETIMEDOUT')
  })
})
