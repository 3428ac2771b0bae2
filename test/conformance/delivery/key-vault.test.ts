import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { ClientSecretCredential } from '@azure/identity'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DeliveryError, type DeliveryOptions, openTarget } from '../../../scripts/delivery/index.ts'
import { type RunningTenant, startTenant } from '../../../tenant/index.ts'
import { describeContract } from './contract.ts'
import { openFaultProxy } from './fault-proxy.ts'
import { certificateDelivery, delivery } from './support.ts'
import { openVault, type VaultEndpoint } from './vault-endpoint.ts'

/** The real client, over TLS, with a token that the local tenant issued for Key Vault. */
describe('Key Vault (a double of its protocol)', () => {
  let dir: string
  let tenant: RunningTenant
  let deployerSecret: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-vault-'))
    tenant = await startTenant({ dataDir: dir })
    setDefaultCACertificates([...getCACertificates('default'), tenant.caPem])
    deployerSecret = (await readFile(tenant.deployer.secretFile, 'utf8')).trim()
  })
  afterAll(async () => {
    await tenant?.close()
    await rm(dir, { recursive: true, force: true })
  })

  const open = (vault: string, secret = deployerSecret, more: Partial<DeliveryOptions> = {}) => {
    const credential = new ClientSecretCredential(tenant.tenantId, tenant.deployer.clientId, secret, {
      authorityHost: tenant.url,
      disableInstanceDiscovery: true,
    })
    return openTarget(
      { keyVault: { vault, name: 'onedrive' } },
      {
        projectDir: dir,
        env: {},
        azureCredential: () => credential,
        keyVaultClient: { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } },
        ...more,
      },
    )
  }

  describeContract('a vault', async () => {
    const { url, tls, versions, close } = await openVault(tenant, dir)
    versions.set('theirs', [{ version: '1', value: 'stays', attributes: { enabled: true } }])
    const proxy = await openFaultProxy(url, tls)
    return {
      proxy,
      open: (more) => open(proxy.url, deployerSecret, more),
      stored: async () => versions.get('onedrive')?.at(-1)?.value,
      others: async () => versions.get('theirs'),
      close,
    }
  })

  describe('as Azure has it', () => {
    let vault: VaultEndpoint
    beforeEach(async () => {
      vault = await openVault(tenant, dir)
    })
    afterEach(() => vault.close())

    it('stores a version with the end of the credential and tags that name it, and says which', async () => {
      const { version } = await open(vault.url).deliver(delivery())
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
    })

    it('stores key and certificate as what its clients know as PEM', async () => {
      await open(vault.url).deliver(certificateDelivery())
      expect(vault.versions.get('onedrive')).toEqual([
        expect.objectContaining({ contentType: 'application/x-pem-file' }),
      ])
    })

    it.each([
      [403, /answered 403: .*grant the role "Key Vault Secrets Officer"/],
      [409, /answered 409: .*recover or purge/],
    ])('says what to do about %s', async (status, message) => {
      vault.refuseWrites(status)
      await expect(open(vault.url).deliver(delivery())).rejects.toMatchObject({
        exposed: false,
        message: expect.stringMatching(message),
      })
    })

    it('is a failed delivery where nobody is named to log in', async () => {
      const azureCredential = () => {
        throw new Error('No tenant is named')
      }
      const target = open(vault.url, deployerSecret, { azureCredential })
      const failed = {
        code: 'DELIVERY_FAILED',
        exposed: false,
        message: expect.stringMatching(/^keyVault.*No tenant/),
      }
      await expect(target.deliver(delivery())).rejects.toMatchObject(failed)
      await expect(target.holds(delivery())).rejects.toMatchObject(failed)
    })

    it('does not get in without a valid login', async () => {
      const target = open(vault.url, 'wrong')
      await expect(target.deliver(delivery())).rejects.toMatchObject({ exposed: false })
      expect(vault.versions.size).toBe(0)
      await expect(target.holds(delivery())).rejects.toBeInstanceOf(DeliveryError)
    })
  })
})
