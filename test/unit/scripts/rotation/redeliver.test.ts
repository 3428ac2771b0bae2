import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Intent } from '../../../../infra/contract/intent.ts'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import { readDeclaration } from '../../../../infra/rules/validate.ts'
import { openTarget } from '../../../../scripts/delivery/index.ts'
import type { RotationPorts } from '../../../../scripts/rotation/ports.ts'
import { redeliver } from '../../../../scripts/rotation/redeliver.ts'

const APPS = ['one', 'two', 'three', 'four']
const ISSUED = { issuedAt: '2026-01-01T00:00:00Z', endDate: '2026-07-01T00:00:00Z' }

const fileOf = (app: string) => (app === 'two' ? 'linked.env' : '.env')

/** A stack whose applications all deliver to one file, by two names. */
function stackOf(dir: string, deployed: Intent[]): RotationPorts {
  const declaration = readDeclaration(
    Object.fromEntries(
      APPS.map((app) => {
        const deliver = [{ dotenv: { file: fileOf(app), variable: `${app.toUpperCase()}_SECRET` } }]
        return [
          app,
          { displayName: app, secrets: { main: { displayName: 'Main', lifetime: '90d', deliver } } },
        ]
      }),
    ),
  )
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.problems))
  const each = <T>(value: (app: string) => T) => Object.fromEntries(APPS.map((app) => [app, value(app)]))
  const current = { generation: 1, phase: 'current' as const }
  const outputs = {
    apps: each((app) => ({
      tenantId: 't',
      clientId: app,
      secrets: { main: [{ ...current, keyId: `key-${app}`, endDate: ISSUED.endDate }] },
      certificates: {},
    })),
    ledger: each((app) => ({ main: [{ ...current, ...ISSUED, keyId: `key-${app}` }] })),
    secretValues: each((app) => ({ main: { 1: `secret-of-${app}` } })),
  } as unknown as StackOutputs
  return {
    stack: {
      declared: async () => declaration.value,
      outputs: async () => outputs,
      credentials: async () => [],
      deploy: async (intent: Intent) => void deployed.push(intent),
    },
    openTarget: (target) =>
      openTarget(target, { projectDir: dir, env: {}, azureCredential: () => expect.unreachable() }),
    now: () => new Date('2026-02-01T00:00:00Z'),
    run: 'run',
    note: () => {},
    prove: () => expect.unreachable(),
    proveRefused: () => expect.unreachable(),
    lastUses: () => expect.unreachable(),
    removeCopies: () => expect.unreachable(),
  }
}

describe('deliver, of several applications into one file', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-redeliver-'))
    await symlink('.env', join(dir, 'linked.env'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('delivers all of them, time after time, and records what the file holds', async () => {
    for (let round = 0; round < 20; round++) {
      await rm(join(dir, '.env'), { force: true })
      const deployed: Intent[] = []
      expect(await redeliver({}, stackOf(dir, deployed))).toMatchObject({ ok: true })
      expect({ ...parseEnv(await readFile(join(dir, '.env'), 'utf8')) }).toEqual(
        Object.fromEntries(APPS.map((app) => [`${app.toUpperCase()}_SECRET`, `secret-of-${app}`])),
      )
      const recorded = deployed.flatMap(({ steps }) => steps.map((step) => [step.do, step.app]))
      expect(recorded).toEqual(APPS.map((app) => ['record', app]))
      expect((await readdir(dir)).sort()).toEqual(['.env', 'linked.env'])
    }
  })
})
