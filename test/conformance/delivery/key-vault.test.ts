import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { ClientSecretCredential } from '@azure/identity'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeliveryError, openTarget } from '../../../scripts/delivery/index.ts'
import { type RunningTenant, startTenant } from '../../../tenant/index.ts'
import { certificateDelivery, delivery } from './support.ts'
import { openVault, type VaultEndpoint } from './vault-endpoint.ts'

/** The real client, over TLS, with a token that the local tenant issued for Key Vault. */
describe('delivery to Key Vault', () => {
  let dir: string
  let tenant: RunningTenant
  let vault: VaultEndpoint
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-vault-'))
    tenant = await startTenant({ dataDir: dir })
    setDefaultCACertificates([...getCACertificates('default'), tenant.caPem])
    vault = await openVault(tenant, dir)
  })
  afterEach(async () => {
    await vault.close()
    await tenant.close()
    await rm(dir, { recursive: true, force: true })
  })

  const open = async (secret?: string) => {
    const { clientId, secretFile } = tenant.deployer
    const value = secret ?? (await readFile(secretFile, 'utf8')).trim()
    const credential = new ClientSecretCredential(tenant.tenantId, clientId, value, {
      authorityHost: tenant.url,
      disableInstanceDiscovery: true,
    })
    return openTarget(
      { keyVault: { vault: vault.url, name: 'onedrive' } },
      {
        projectDir: dir,
        env: {},
        azureCredential: () => credential,
        keyVaultClient: { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } },
      },
    )
  }

  it('stores a version with the end of the credential and tags that name it, and says which', async () => {
    const target = await open()
    const { version } = await target.deliver(delivery())
    expect(vault.refused()).toBe(1)
    expect(vault.versions.get('onedrive')).toEqual([
      expect.objectContaining({
        version,
        value: delivery().value,
        attributes: expect.objectContaining({ exp: Date.parse('2026-09-01T00:00:00Z') / 1000 }),
        tags: {
          app: 'file-manager',
          secret: 'onedrive',
          generation: '1',
          clientId: delivery().clientId,
          keyId: delivery().keyId,
        },
      }),
    ])
    expect(await target.holds(delivery())).toBe('yes')
    expect(await target.holds(delivery(2))).toBe('no')
  })

  it('stores key and certificate as what its clients know as PEM', async () => {
    await (await open()).deliver(certificateDelivery())
    expect(vault.versions.get('onedrive')).toEqual([
      expect.objectContaining({
        value: certificateDelivery().value,
        contentType: 'application/x-pem-file',
      }),
    ])
  })

  it('makes no second version of what is there, and a new one of what is not', async () => {
    const target = await open()
    const first = await target.deliver(delivery())
    expect(await target.deliver(delivery())).toEqual(first)
    await target.deliver(delivery(2))
    expect(vault.versions.get('onedrive')?.map(({ value }) => value)).toEqual([
      delivery().value,
      delivery(2).value,
    ])
  })

  it.each([
    [403, false, /answered 403: .*grant the role "Key Vault Secrets Officer"/],
    [409, false, /answered 409: .*recover or purge/],
    ['lost-answer', true, /socket hang up|aborted|ECONNRESET/],
  ] as const)('says of %s whether a consumer may have read it (%s)', async (how, exposed, wanted) => {
    const target = await open()
    vault.failWrites(how)
    const error: unknown = await target.deliver(delivery()).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({ code: 'DELIVERY_FAILED', exposed, message: expect.stringMatching(wanted) })
    expect((error as Error).message).not.toContain('NeverLogThis')
    vault.failWrites(undefined)
    await target.deliver(delivery())
    expect(vault.versions.get('onedrive')).toHaveLength(1)
  })

  it('does not get in without a valid login', async () => {
    const target = await open('wrong')
    await expect(target.deliver(delivery())).rejects.toMatchObject({ exposed: false })
    expect(vault.versions.size).toBe(0)
    await expect(target.holds(delivery())).rejects.toBeInstanceOf(DeliveryError)
  })
})
