import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identityOf } from '../../../lib/process-identity.ts'
import { readRunningTenant, startTenant, TenantError, type TenantErrorCode } from '../../../tenant/index.ts'
import { objects } from '../../../tenant/store/entity.ts'
import { type Answer, connectTo, expectStatus, openTenant } from './client.ts'

let dataDir: string
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'tenant-life-')), 'data')
})
afterEach(() => {
  rmSync(join(dataDir, '..'), { recursive: true, force: true })
})

const mode = (file: string): string => (statSync(join(dataDir, file)).mode & 0o777).toString(8)

const refusalOf = async (start: Promise<unknown>): Promise<{ code: TenantErrorCode; message: string }> => {
  const error = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TenantError)
  return error as TenantError
}

describe('a data directory', () => {
  it('is for its owner alone', async () => {
    const at = await openTenant({ dataDir })
    try {
      expect(mode('.')).toBe('700')
      const files = readdirSync(dataDir).sort()
      expect(files).toEqual([
        'ca-key.pem',
        'ca.pem',
        'control-key',
        'deployer-secret',
        'requests.log',
        'tenant.db',
        'tenant.db-wal',
        'tenant.json',
      ])
      for (const file of files) expect(mode(file), file).toBe(file === 'ca.pem' ? '644' : '600')
    } finally {
      await at.close()
    }
  })

  it('says where the tenant is, as long as it runs', async () => {
    const at = await openTenant({ dataDir })
    const { url, port, tenantId, caFile, deployer, controlKeyFile } = at.tenant
    expect(readRunningTenant(dataDir)).toEqual({
      url,
      port,
      pid: process.pid,
      tenantId,
      caFile,
      deployer,
      controlKeyFile,
    })
    expect(readFileSync(join(dataDir, 'tenant.json'), 'utf8')).not.toContain(
      readFileSync(deployer.secretFile, 'utf8').trim(),
    )
    await at.tenant.close()
    await at.tenant.close()
    expect(readRunningTenant(dataDir)).toBeUndefined()
    const gone = spawn(process.execPath, ['-e', ''])
    await once(gone, 'exit')
    writeFileSync(join(dataDir, 'tenant.json'), JSON.stringify({ url, port, pid: gone.pid }))
    expect(readRunningTenant(dataDir)).toBeUndefined()
    const alive = identityOf(process.pid)
    for (const [identity, runs] of [
      [alive, true],
      [{ ...alive, pid: gone.pid }, false],
      // Ids are given out again, after a boot and in other containers, too.
      [{ ...alive, started: '1' }, false],
      [{ ...alive, boot: 'another' }, false],
      [{ ...alive, namespace: 'pid:[1]' }, false],
    ] as const) {
      writeFileSync(
        join(dataDir, 'tenant.json'),
        JSON.stringify({ url, pid: identity.pid, process: identity }),
      )
      expect(readRunningTenant(dataDir) !== undefined, JSON.stringify(identity)).toBe(runs)
    }
    expect(readRunningTenant(join(dataDir, 'nowhere'))).toBeUndefined()
  })

  it('keeps tenant, keys, authority, secrets and objects from one run to the next', async () => {
    const first = await openTenant({ dataDir })
    const before = {
      id: first.tenant.tenantId,
      ca: first.tenant.caPem,
      secret: readFileSync(first.tenant.deployer.secretFile, 'utf8'),
    }
    const client = await first.client(['User.Read.All'])
    const token = await first.token(client)
    await first.tenant.close()
    const second = await openTenant({ dataDir, port: first.tenant.port })
    try {
      expect({
        id: second.tenant.tenantId,
        ca: second.tenant.caPem,
        secret: readFileSync(second.tenant.deployer.secretFile, 'utf8'),
      }).toEqual(before)
      expectStatus(await second.graph('GET', '/users', undefined, token), 200)
      expectStatus(await second.graph('GET', '/users', undefined, await second.token(client)), 200)
      const application = expectStatus(
        await second.graph('GET', `/applications/${client.application.id}`),
        200,
      )
      expect(application.displayName).toBe(client.application.displayName)
    } finally {
      await second.close()
    }
  })

  it('gets a new deployer secret when the file is gone or wrong, and a new authority when its files do not fit', async () => {
    const first = await openTenant({ dataDir })
    await first.tenant.close()
    rmSync(first.tenant.deployer.secretFile)
    const second = await openTenant({ dataDir })
    await second.token()
    await second.tenant.close()
    writeFileSync(second.tenant.deployer.secretFile, 'wrong')
    chmodSync(second.tenant.deployer.secretFile, 0o644)
    rmSync(join(dataDir, 'ca-key.pem'))
    const third = await openTenant({ dataDir })
    await third.token()
    expect(mode('deployer-secret')).toBe('600')
    expect(third.tenant.caPem).not.toBe(second.tenant.caPem)
    await third.close()
  })

  it('holds no secret in the clear', async () => {
    const at = await openTenant({ dataDir })
    const { secret } = await at.client([])
    const deployer = readFileSync(at.tenant.deployer.secretFile, 'utf8').trim()
    await at.tenant.close()
    for (const file of readdirSync(dataDir).filter((each) => each !== 'deployer-secret')) {
      const content = readFileSync(join(dataDir, file), 'latin1')
      expect(content.includes(secret), file).toBe(false)
      expect(content.includes(deployer), file).toBe(false)
    }
  })

  it('serves one tenant at a time', async () => {
    const at = await openTenant({ dataDir })
    try {
      const refused = await refusalOf(startTenant({ dataDir }))
      expect(refused.code).toBe('DATA_DIR_IN_USE')
      expect(refused.message).toContain(dataDir)
      await at.token()
    } finally {
      await at.close()
    }
  })

  it('that is not a directory, or no tenant’s, is refused', async () => {
    writeFileSync(dataDir, 'a file')
    expect((await refusalOf(startTenant({ dataDir }))).code).toBe('DATA_DIR_UNREADABLE')
    const other = mkdtempSync(join(tmpdir(), 'tenant-other-'))
    try {
      writeFileSync(
        join(other, 'tenant.db'),
        'no database at all, but long enough to be looked at'.repeat(20),
      )
      expect((await refusalOf(startTenant({ dataDir: other }))).code).toBe('DATA_DIR_UNREADABLE')
      rmSync(join(other, 'tenant.db'))
      const newer = new DatabaseSync(join(other, 'tenant.db'))
      newer.exec('PRAGMA user_version = 99')
      newer.close()
      const refused = await refusalOf(startTenant({ dataDir: other }))
      expect(refused).toMatchObject({
        code: 'DATA_DIR_UNREADABLE',
        message: expect.stringContaining('newer version'),
      })
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  })

  it('stays empty when the first start fails, and fit for the next', async () => {
    const refused = await refusalOf(startTenant({ dataDir, deployerRoles: ['Files.Read.Everything'] }))
    expect(refused).toMatchObject({
      code: 'UNKNOWN_ROLE',
      message: expect.stringContaining('"Files.Read.Everything"'),
    })
    const at = await openTenant({ dataDir })
    expectStatus(await at.graph('GET', '/applications'), 200)
    await at.close()
  })

  it('gets more permissions for its deployer when it is started with them, each once', async () => {
    const usersWith = async (deployerRoles?: readonly string[]) => {
      const at = await openTenant({ dataDir, ...(deployerRoles && { deployerRoles }) })
      const { objectId } = at.tenant.deployer
      const roles = await at.graph('GET', `/servicePrincipals/${objectId}/appRoleAssignments`)
      const { status } = await at.graph('GET', '/users')
      await at.tenant.close()
      return { status, roles: (roles.json as { value: unknown[] }).value.length }
    }
    expect(await usersWith()).toEqual({ status: 403, roles: 4 })
    expect(await usersWith(['User.Read.All', 'Application.Read.All'])).toEqual({ status: 200, roles: 5 })
    expect(await usersWith()).toEqual({ status: 200, roles: 5 })
  })
})

describe('an address', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'no-such-host.invalid'])(
    'beyond loopback (%s) is refused',
    async (host) => {
      expect((await refusalOf(startTenant({ dataDir, host }))).code).toBe('NOT_LOOPBACK')
    },
  )

  it('in use is refused, and the data directory is released', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    try {
      const refused = await refusalOf(startTenant({ dataDir, port }))
      expect(refused).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(String(port)) })
    } finally {
      holder.close()
    }
    await (await openTenant({ dataDir })).close()
  })

  it('is of one tenant among several in a process', async () => {
    const [one, two] = [await openTenant(), await openTenant()]
    try {
      expect(one.tenant.tenantId).not.toBe(two.tenant.tenantId)
      expectStatus(await one.graph('POST', '/applications', { displayName: 'only here' }), 201)
      const filter = encodeURIComponent("displayName eq 'only here'")
      expect((await two.graph('GET', `/applications?$filter=${filter}`)).json.value).toEqual([])
    } finally {
      await one.close()
      await two.close()
    }
  })
})

describe('a tenant that is killed', () => {
  const start = async (): Promise<{ child: ChildProcess; port: number }> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'tenant-process.ts'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    return { child, port: JSON.parse(line.toString()).port }
  }

  it('loses nothing that it answered, and leaves no lock behind', async () => {
    const { child } = await start()
    expect((await refusalOf(startTenant({ dataDir }))).code).toBe('DATA_DIR_IN_USE')
    const info = readRunningTenant(dataDir)
    if (info === undefined) throw new Error('tenant.json names no running tenant')
    const answered = await writeUntilKilled(child, info.port)
    expect(answered.length).toBeGreaterThan(0)
    expect(readRunningTenant(dataDir)).toBeUndefined()

    const at = await openTenant({ dataDir })
    try {
      const found = new Set<string>()
      let path: string | undefined = '/applications?$select=id'
      while (path !== undefined) {
        const page: Answer = expectStatus(await at.graph('GET', path), 200)
        for (const each of page.value) found.add(each.id)
        path = page['@odata.nextLink']?.slice(`${at.tenant.url}/v1.0`.length)
      }
      expect(answered.filter((id) => !found.has(id))).toEqual([])
      const audited = at.tenant.control
        .snapshot()
        .entities.flatMap(([set, , data]) =>
          set === 'directoryAudits' ? objects(data['targetResources']).map((each) => String(each['id'])) : [],
        )
      expect(answered.filter((id) => !audited.includes(id))).toEqual([])
      const created = readFileSync(join(dataDir, 'requests.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"method":"POST","path":"/v1.0/applications","status":201'))
      expect(created.length).toBeGreaterThanOrEqual(answered.length)
    } finally {
      await at.close()
    }
  })

  /** Creates applications, several at a time, while the process is killed; the ids of those that were answered. */
  async function writeUntilKilled(child: ChildProcess, port: number): Promise<string[]> {
    const info = readRunningTenant(dataDir)
    const secret = readFileSync(join(dataDir, 'deployer-secret'), 'utf8').trim()
    const caller = connectTo({ port, caPem: readFileSync(join(dataDir, 'ca.pem'), 'utf8') })
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: info?.deployer.clientId ?? '',
      client_secret: secret,
      scope: `${info?.url}/.default`,
    })
    const { access_token: token } = expectStatus(
      await caller('POST', `/${info?.tenantId}/oauth2/v2.0/token`, { body: form }),
      200,
    )
    const answered: string[] = []
    const write = async (): Promise<void> => {
      for (;;) {
        const headers = { authorization: `Bearer ${token}` }
        const answer = await caller('POST', '/v1.0/applications', {
          body: { displayName: 'written' },
          headers,
        }).catch(() => undefined)
        if (answer === undefined) return
        answered.push(expectStatus(answer, 201).id)
        if (answered.length === 20) child.kill('SIGKILL')
      }
    }
    await Promise.all([write(), write(), write(), write(), once(child, 'exit')])
    return answered
  }
})
