import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Mask } from '../../../../scripts/lib/mask.ts'
import { type EngineEvent, readEngineEvent } from '../../../../scripts/stack/engine-events.ts'
import { Pulumi } from '../../../../scripts/stack/pulumi.ts'
import { StackChanges, type StackChangesOptions } from '../../../../scripts/stack/stack-changes.ts'
import { createdIn, waitableFailure } from '../../../../scripts/stack/waitable-failure.ts'

const APP = '850c5b69-c4fc-4573-bb99-c95e0e9f67aa'
const OWNER = '3443c266-16c2-5028-af73-325925696559'
const urn = (name: string) => `urn:pulumi:test::p::azuread:index/application:Application::${name}`

const failed = (name: string, op = 'create', inputs: object = {}) => ({
  resOpFailedEvent: { metadata: { op, urn: urn(name), new: { urn: urn(name), inputs, outputs: {} } } },
})
const made = (name: string, id: string) => ({
  resOutputsEvent: {
    metadata: { op: 'create', urn: urn(name), new: { urn: urn(name), inputs: {}, outputs: { id } } },
  },
})
const error = (message: string, name?: string) => ({
  diagnosticEvent: { ...(name && { urn: urn(name) }), message: `${message}\n`, severity: 'error' },
})
const END = error('update failed')
const events = (...all: object[]): (EngineEvent | undefined)[] =>
  all.map((each) => readEngineEvent(JSON.stringify(each)))

const CONCURRENT = 'Error due to concurrent requests being made to the tenant. Please wait briefly and retry.'
const OURS = `POST /v1.0/applications/${APP}/addPassword: 409 Directory_ConcurrencyViolation: ${CONCURRENT} (request-id bd43e5c7-acf8-4c2c-8f8b-9fcebf7139b0)`
const OFFICIAL = `Adding password for Application (Application: "${APP}"): unexpected status 409 (409 Conflict) with error: Directory_ConcurrencyViolation: ${CONCURRENT}`
const missing = (id: string) =>
  `404 Request_ResourceNotFound: Resource '${id}' does not exist or one of its queried reference-property objects are not present. (request-id bd43e5c7-acf8-4c2c-8f8b-9fcebf7139b0)`
const judge = (...all: object[]) => waitableFailure(events(...all, END), new Set())

describe('a deployment that failed', () => {
  it.each([
    ['the local plugin', [error(OURS, 'a')]],
    [
      'the official plugin, which says it twice',
      [
        error(`  sdk-v2/provider2.go:572: sdk.helper_schema: ${OFFICIAL}: provider=azuread@6.9.1`, 'a'),
        error(`1 error occurred:\n\t* ${OFFICIAL}\n\n`, 'a'),
      ],
    ],
    ['an engine that colours', [error(`<{%fg 1%}>${OURS}<{%reset%}>`, 'a')]],
  ])('is waitable when the catalogue says so of what %s said', (_, said) => {
    expect(judge(failed('a'), ...said)).toMatchObject({
      resource: 'a',
      refusal: { code: 'Directory_ConcurrencyViolation', status: 409 },
    })
  })

  it.each([
    ['throttling', 'POST /v1.0/applications: 429 TooManyRequests: Wait.', true],
    [
      'trouble of the service',
      'x: unexpected status 503 (503 Service Unavailable) received with no body',
      true,
    ],
    ['a creation that may have happened', 'POST /v1.0/applications: 504 GatewayTimeout: Late.', false],
    ['a missing permission', 'POST /v1.0/applications: 403 Authorization_RequestDenied: No.', false],
    ['a conflict', 'POST /v1.0/applications: 409 Request_MultipleObjectsWithSameKeyValue: Twice.', false],
    ['a sentence without a refusal', 'The client secret has expired.', false],
  ])('%s', (_, said, expected) => {
    expect(judge(failed('a'), error(said, 'a')) !== undefined).toBe(expected)
  })

  it('is final as soon as one of several failures is', () => {
    const denied = error('POST /v1.0/applications: 403 Authorization_RequestDenied: No.', 'b')
    expect(judge(failed('a'), failed('b'), error(OURS, 'a'), denied)).toBeUndefined()
    expect(judge(failed('a'), error(OURS, 'a'), error('1 mistake in Pulumi.dev.yaml'))).toBeUndefined()
    expect(
      judge(failed('a'), error(`2 errors occurred:\n\t* ${OURS}\n\t* something else\n`, 'a')),
    ).toBeUndefined()
  })

  it('is final when nothing says why', () => {
    expect(judge(failed('a'))).toBeUndefined()
    expect(waitableFailure([undefined], new Set())).toBeUndefined()
  })

  it('is waitable for an object that this run created, whose id the request or the sentence names', () => {
    const part = failed('b', 'create', { applicationId: `/applications/${APP}` })
    expect(
      judge(made('a', APP), part, error(`GET /v1.0/applications/${APP}: ${missing(APP)}`, 'b')),
    ).toBeDefined()
    const invalid = `x: unexpected status 400 (400 Bad Request) with error: Request_BadRequest: Not a valid reference update.`
    expect(judge(made('a', APP), part, error(invalid, 'b'))).toBeDefined()
    expect(judge(part, error(invalid, 'b'))).toBeUndefined()
  })

  it('is waitable for an object that is there by halves, now and in the next try', () => {
    const half = error(`PATCH /v1.0/applications/${APP}: ${missing(APP)}`, 'a')
    expect(judge(failed('a'), half)).toBeDefined()
    const before = createdIn(events(failed('a')))
    const next = events(failed('a', 'update'), half, END)
    expect(waitableFailure(next, new Set(before))).toBeDefined()
    expect(waitableFailure(next, new Set())).toBeUndefined()
  })

  it('is final for an id that the declaration names, or an object deleted by hand', () => {
    const inputs = { owners: [OWNER] }
    const said = error(`POST /v1.0/servicePrincipals/${APP}/owners: ${missing(OWNER)}`, 'b')
    expect(judge(made('a', APP), failed('b', 'create', inputs), said)).toBeUndefined()
    expect(
      judge(failed('a', 'update'), error(`PATCH /v1.0/applications/${APP}: ${missing(APP)}`, 'a')),
    ).toBeUndefined()
  })
})

describe.skipIf(process.platform === 'win32')('a deployment that waiting may fix', () => {
  let dir: string
  const notes: string[] = []
  beforeEach(() => {
    notes.length = 0
    dir = mkdtempSync(join(tmpdir(), 'entra-apps-waits-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  /** An engine that fails as often, each time with these events, and then succeeds. */
  const failing = (times: number, said: string, options: Partial<StackChangesOptions> = {}) => {
    const command = join(dir, 'pulumi')
    const log = [failed('a'), error(said, 'a'), END].map((each) => JSON.stringify(each)).join('\n')
    writeFileSync(join(dir, 'log'), `${log}\n`)
    writeFileSync(
      command,
      `#!/bin/sh
      echo "$@" >> tries
      if [ "$(wc -l < tries)" -gt ${times} ]; then exit 0; fi
      while [ $# -gt 0 ]; do if [ "$1" = --event-log ]; then cat log >> "$2"; fi; shift; done
      exit 1`,
    )
    chmodSync(command, 0o755)
    const env = { PATH: process.env['PATH'], ENTRA_APPS_CACHE: join(dir, 'cache') }
    const pulumi = new Pulumi({ command, cwd: dir, env, mask: new Mask() })
    const note = (line: string) => void notes.push(line)
    return new StackChanges(pulumi, { note, retryDelaysMs: [1, 1], ...options })
  }
  const tries = () => readFileSync(join(dir, 'tries'), 'utf8').trim().split('\n').length

  it('is tried again, with a line that says why', async () => {
    expect(await failing(1, OURS).deploy([])).toMatchObject({ code: 0 })
    expect(tries()).toBe(2)
    expect(notes).toEqual([
      expect.stringMatching(
        /^pulumi up: try 2 of 3 in 1 s; a: Directory_ConcurrencyViolation: the directory/,
      ),
    ])
  })

  it('is given up after the last try', async () => {
    expect(await failing(9, OURS).deploy([])).toMatchObject({ code: 1 })
    expect(tries()).toBe(3)
    expect(notes.at(-1)).toMatch(/^given up after 3 tries; a: Directory_ConcurrencyViolation/)
  })

  it('is not tried again when the failure is final', async () => {
    const denied = 'POST /v1.0/applications: 403 Authorization_RequestDenied: No.'
    expect(await failing(1, denied).deploy([])).toMatchObject({ code: 1 })
    expect(tries()).toBe(1)
    expect(notes).toEqual([])
  })

  it('ends in the pause when it is interrupted', async () => {
    const controller = new AbortController()
    const changes = failing(9, OURS, {
      retryDelaysMs: [600_000],
      signal: controller.signal,
      note: () => controller.abort(),
    })
    await expect(changes.deploy([])).rejects.toMatchObject({ name: 'AbortError' })
    expect(tries()).toBe(1)
  })
})
