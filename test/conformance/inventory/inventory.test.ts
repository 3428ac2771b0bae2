import { Resolver } from 'node:dns/promises'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type InventoryOptions, inventory } from '../../../scripts/commands/inventory.ts'
import { type InventoryReport, inventoryReport } from '../../../scripts/inventory/report.ts'
import { systemResolver } from '../../../scripts/inventory/resolve-hosts.ts'
import { processTerminal } from '../../../scripts/lib/terminal.ts'
import { openDnsServer } from '../../support/dns-server.ts'
import { type Rehearsal, rehearse } from '../../support/rehearsal.ts'

/** More than one page of each list. */
const APPLICATIONS = 1100
const LIMITS = { expiringWithin: '30d', maxLifetime: '366d', unusedAfter: '90d' }
const HOSTILE = '##vso[task.setvariable variable=x]y\u001b[31m'

let stage: Rehearsal
let folder: string

/** A tenant with many plain applications and a few that something is wrong with. */
beforeAll(async () => {
  stage = await rehearse({
    deployerRoles: [
      'Application.ReadWrite.OwnedBy',
      'Application.Read.All',
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      'RoleManagement.Read.Directory',
      'AuditLog.Read.All',
      'Directory.Read.All',
    ],
  })
  folder = await mkdtemp(join(tmpdir(), 'entra-apps-inventory-'))
  stage.tenant.control.seed({
    applications: [
      ...Array.from({ length: APPLICATIONS }, (_, i) => ({
        displayName: `plain-${i}`,
        secrets: [{ displayName: 'main', lifetime: '180d' as const }],
        permissions: { 'Microsoft Graph': { application: ['User.Read.All'], delegated: ['User.Read'] } },
      })),
      {
        displayName: `mighty ${HOSTILE}`,
        secrets: [
          { displayName: 'old', issuedAgo: '400d', lifetime: '100d' },
          { displayName: 'long', issuedAgo: '100d', lifetime: '700d' },
        ],
        permissions: { 'Microsoft Graph': { application: ['RoleManagement.ReadWrite.Directory'] } },
        web: {
          redirectUris: ['https://shop.azurewebsites.net/cb'],
          implicitGrantSettings: { enableAccessTokenIssuance: true },
        },
        signInAudience: 'AzureADMultipleOrgs',
      },
    ],
    managedIdentities: [
      { displayName: 'jobs', permissions: { 'Microsoft Graph': { application: ['Mail.Read'] } } },
    ],
  })
}, 120_000)
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

/** Runs the command as a process would, on a terminal's own streams. */
async function run(
  options: Partial<InventoryOptions> = {},
  {
    on = stage,
    signal = new AbortController().signal,
    resolver = systemResolver,
    isTTY = false,
  }: { on?: Rehearsal; signal?: AbortSignal; resolver?: typeof systemResolver; isTTY?: boolean } = {},
) {
  const { tenant } = on
  const [stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY })]
  const context = {
    projectDir: folder,
    env: {
      ARM_TENANT_ID: tenant.tenantId,
      ARM_METADATA_HOSTNAME: new URL(tenant.url).host,
      ARM_CLIENT_ID: tenant.deployer.clientId,
      ARM_CLIENT_SECRET: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
    },
    terminal: processTerminal(stdout as never, stderr as never),
    signal,
    openWorkspace: async () => {
      throw new Error('the engine was asked for')
    },
  }
  const before = tenant.requests().length
  const running = inventory({ ...LIMITS, ...options }, context, undefined, resolver).finally(() => {
    stdout.end()
    stderr.end()
  })
  const [code, printed, noted] = await Promise.all([running, text(stdout), text(stderr)])
  return { code, printed, noted, requests: tenant.requests().slice(before) }
}

async function json(options: Partial<InventoryOptions> = {}, on = stage): Promise<InventoryReport> {
  return inventoryReport.parse(JSON.parse((await run({ ...options, json: true }, { on })).printed))
}

const entryOf = ({ entries }: InventoryReport, name: string) =>
  entries.find(({ displayName }) => displayName === name)
const idsOf = ({ findings }: InventoryReport, name: string) =>
  findings.filter(({ displayName }) => displayName === name).map(({ ruleId }) => ruleId)

/** The application's owners become exactly these people. */
async function own(objectId: string, users: readonly string[]): Promise<void> {
  const { graph, tenant } = stage
  for (const id of users) {
    const reference = { '@odata.id': `${tenant.graphUrl}/v1.0/directoryObjects/${id}` }
    await graph('POST', `/applications/${objectId}/owners/$ref`, reference)
  }
  await graph('DELETE', `/applications/${objectId}/owners/${tenant.deployer.objectId}/$ref`)
}

describe('inventory', { timeout: 60_000 }, () => {
  it('reads everything, page by page, with a number of requests that hardly grows', async () => {
    const { printed, requests } = await run({ json: true })
    const report = inventoryReport.parse(JSON.parse(printed))
    const plain = report.entries.filter(({ displayName }) => displayName.startsWith('plain-'))
    expect(plain).toHaveLength(APPLICATIONS)
    for (const entry of plain) {
      expect(entry.credentials).toHaveLength(1)
      expect(entry.owners).not.toHaveLength(0)
      expect(entry.permissions.map(({ kind, name, granted }) => [kind, name, granted])).toEqual([
        ['application', 'User.Read.All', true],
        ['delegated', 'User.Read', true],
      ])
    }
    expect(report.missing).toEqual([])
    const listed = requests.filter(({ path }) => !path.includes('appRoleAssignedTo'))
    // Login, four lists of two pages, three short ones, and the batches of one list an API.
    expect(listed.length).toBeLessThan(20)
    expect(requests.length).toBeLessThan(APPLICATIONS / 20)
  })

  it('finds what is wrong, and names what it can lead to', async () => {
    const report = await json()
    const [mighty] = report.entries.filter(({ displayName }) => displayName.startsWith('mighty'))
    expect(idsOf(report, mighty?.displayName ?? '').sort()).toEqual([
      'EI101',
      'EI104',
      'EI106',
      'EI301',
      'EI304',
      'EI403',
      'EI404',
      'EI406',
    ])
    expect(entryOf(report, 'jobs')?.kind).toBe('managedIdentity')
    expect(idsOf(report, 'jobs')).toEqual(['EI303'])
    expect(report.findings.find(({ appId }) => appId === mighty?.appId)).toMatchObject({
      ruleId: 'EI301',
      severity: 'high',
      message: 'with RoleManagement.ReadWrite.Directory, it can make itself Global Administrator',
    })
  })

  it('asks the DNS for the hosts of redirect URIs, when it is told to', async () => {
    const server = await openDnsServer({ 'shop.azurewebsites.net': 'no-name' })
    try {
      const asking = new Resolver({ timeout: 5000, tries: 1 })
      asking.setServers([server.address])
      const { printed } = await run({ json: true, resolve: true }, { resolver: () => asking })
      const { findings } = inventoryReport.parse(JSON.parse(printed))
      expect(findings.filter(({ ruleId }) => ruleId === 'EI407')).toMatchObject([
        { severity: 'high', message: expect.stringMatching(/shop\.azurewebsites\.net.*does not exist/) },
      ])
      expect(server.asked).toEqual(['shop.azurewebsites.net'])
    } finally {
      await server.close()
    }
  })

  it('reads all owners, and finds disabled and missing ones', async () => {
    stage.tenant.control.seed({
      users: Array.from({ length: 21 }, (_, i) => ({
        displayName: `Former ${i}`,
        userPrincipalName: `former-${i}`,
        accountEnabled: false,
      })),
    })
    const { value } = await stage.graph('GET', "/users?$filter=startswith(displayName,'Former')&$select=id")
    const ids = (value as { id: string }[]).map(({ id }) => id)
    const many = await stage.app({ displayName: 'many-owners' })
    const none = await stage.app({ displayName: 'no-owners' })
    await own(many.objectId, ids)
    await own(none.objectId, [])
    for (const { servicePrincipalId } of [many, none]) {
      const path = `/servicePrincipals/${servicePrincipalId}/owners/${stage.tenant.deployer.objectId}/$ref`
      await stage.graph('DELETE', path)
    }
    const report = await json()
    expect(entryOf(report, 'many-owners')?.owners).toHaveLength(21)
    expect(idsOf(report, 'many-owners')).toContain('EI202')
    expect(idsOf(report, 'no-owners')).toContain('EI201')
  })

  it('shows what appeared, changed and went since an earlier inventory', async () => {
    const changed = await stage.app({ displayName: 'changed' })
    const gone = await stage.app({ displayName: 'gone' })
    const since = join(folder, 'earlier.json')
    await writeFile(since, (await run({ json: true })).printed)
    expect((await json({ since })).changes?.entries).toEqual([])

    await stage.grant(changed.servicePrincipalId, 'Mail.Read')
    const secret = await stage.secret(changed.objectId)
    await stage.graph('DELETE', `/applications/${gone.objectId}`)
    await stage.app({ displayName: 'new' })
    const { changes } = await json({ since })
    const found = changes?.entries.map(({ change, displayName, what }) => [change, displayName, what])
    expect(found).toEqual([
      [
        'changed',
        'changed',
        [
          `new: secret test (${secret.keyId}) on the application`,
          'new: consent to application permission Mail.Read of Microsoft Graph',
        ],
      ],
      ['appeared', 'new', []],
      ['went', 'gone', []],
    ])
    expect((await run({ since })).printed).toContain('appeared new (')

    await writeFile(since, JSON.stringify({ ...(await json()), tenantId: 'another' }))
    await expect(run({ since })).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
  })

  it('fails where asked to, unless the findings are suppressed', async () => {
    expect((await run()).code).toBe(0)
    expect((await run({ failOn: 'high' })).code).toBe(1)
    const suppress = join(folder, 'suppressions.yaml')
    await writeFile(
      suppress,
      '- { rule: EI301, reason: being replaced }\n- { rule: EI105, reason: for nothing }\n',
    )
    const { code, noted } = await run({ failOn: 'high', suppress })
    expect(code).toBe(0)
    expect(noted).toContain('the suppression of EI105 covers no finding')
    const report = await json({ suppress })
    expect(report.findings.find(({ ruleId }) => ruleId === 'EI301')?.suppressed).toBe('being replaced')
    await writeFile(suppress, '- { rule: EI999, reason: x }')
    await expect(run({ suppress })).rejects.toThrow('there is no rule "EI999"')
  })

  it.each(['json', 'csv', 'markdown', 'sarif', 'text'])(
    'prints no name as a command of a pipeline or a terminal: %s',
    async (format) => {
      const { printed } = await run(format === 'text' ? {} : { [format]: true })
      expect(printed).toContain('task.setvariable')
      expect(printed).not.toContain('##vso[')
      expect(printed).not.toContain('\u001b')
    },
  )

  it('prints everything as CSV and every finding as SARIF', async () => {
    const report = await json()
    const lines = (await run({ csv: true })).printed.trim().split('\r\n')
    expect(lines).toHaveLength(report.entries.length + 1)
    const [sarif] = JSON.parse((await run({ sarif: true })).printed).runs
    expect(sarif.results).toHaveLength(report.findings.length)
    expect(sarif.results[0]).toMatchObject({ ruleId: 'EI301', level: 'error' })
    await expect(run({ csv: true, sarif: true })).rejects.toThrow('--csv and --sarif exclude each other')
  })

  it('takes stacks by name or by pattern', async () => {
    await expect(run({ stack: ['dev'], allStacks: true })).rejects.toThrow(
      '--stack and --all-stacks exclude each other',
    )
    await expect(run({ below: folder })).rejects.toThrow('--below needs --stacks or --all-stacks')
    await expect(run({ allStacks: true })).rejects.toMatchObject({ code: 'NO_STACK' })
  })

  it('waits as long as Graph asks', async () => {
    stage.tenant.control.addFault({
      effect: 'throttle',
      on: { path: '/applications' },
      times: 1,
      retryAfter: '1s',
    })
    const start = performance.now()
    expect((await json()).entries.length).toBeGreaterThan(APPLICATIONS)
    expect(performance.now() - start).toBeGreaterThan(1000)
  })

  it('ends at once when it is interrupted', async () => {
    const controller = new AbortController()
    stage.tenant.control.addFault({ effect: 'delay', by: '1m', on: { path: '/oauth2PermissionGrants' } })
    const running = run({}, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('interrupted')), 200)
    await expect(running).rejects.toThrow('interrupted')
    stage.tenant.control.clearFaults()
  })

  it('goes on where it was interrupted, and asks for nothing twice', async () => {
    const whole = await run({ json: true })
    const checkpoint = join(folder, 'inventory.part')
    stage.tenant.control.addFault({ effect: 'delay', by: '1m', on: { path: '/oauth2PermissionGrants' } })
    const controller = new AbortController()
    const before = stage.tenant.requests().length
    const running = run({ json: true, checkpoint }, { signal: controller.signal })
    const second = /^\/v1.0\/(applications|servicePrincipals)\?.*skiptoken/
    const asked = () => stage.tenant.requests().slice(before)
    const secondPages = () => asked().filter(({ path }) => second.test(path))
    await vi.waitFor(() => expect(secondPages()).toHaveLength(2), { timeout: 20_000 })
    controller.abort(new Error('interrupted'))
    await expect(running).rejects.toThrow('interrupted')
    stage.tenant.control.clearFaults()

    const next = await run({ json: true, checkpoint })
    expect(next.noted).toMatch(/Goes on with the inventory of 20.*answers are in .*inventory\.part/)
    expect(next.requests.length).toBeLessThan(whole.requests.length)
    for (const first of [
      '/v1.0/applications?$select&$expand&$top',
      '/v1.0/servicePrincipals?$select&$expand&$top',
    ]) {
      expect(asked().map(({ path }) => path)).toContain(first)
      expect(next.requests.map(({ path }) => path)).not.toContain(first)
    }
    // The deployer's own has signed in since.
    const plainIn = ({ printed }: { printed: string }) =>
      inventoryReport
        .parse(JSON.parse(printed))
        .entries.filter((each) => each.displayName.startsWith('plain-'))
    expect(plainIn(next)).toEqual(plainIn(whole))
    expect(existsSync(checkpoint)).toBe(false)
  })

  it('says on a terminal how much there is, and how long it may take', async () => {
    const { noted } = await run({}, { isTTY: true })
    expect(noted).toMatch(/About \d+ s left; read so far: 999 of 110\d applications/)
  })

  it('says what is missing, and does not judge by it', async () => {
    const poor = await rehearse({ deployerRoles: ['Application.Read.All'] })
    try {
      poor.tenant.control.seed({
        applications: [
          { displayName: 'quiet', permissions: { 'Microsoft Graph': { delegated: ['User.Read'] } } },
        ],
      })
      const report = await json({}, poor)
      expect(report.missing.map(({ part }) => part)).toEqual([
        'delegatedPermissions',
        'directoryRoles',
        'credentialUse',
        'signIns',
      ])
      expect(report.missing[0]?.message).toContain('DelegatedPermissionGrant.Read.All')
      expect(entryOf(report, 'quiet')?.permissions).toEqual([])
      expect(report.findings.filter(({ ruleId }) => ['EI106', 'EI302', 'EI501'].includes(ruleId))).toEqual([])
    } finally {
      await poor.close()
    }
  })
})
