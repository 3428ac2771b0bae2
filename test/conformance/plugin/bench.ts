import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Properties } from '../../../plugin/protocol/wire.ts'
import { Provider } from '../../../plugin/provider.ts'
import type { ResourceType } from '../../../plugin/resources/type.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES, type RunningTenant, startTenant } from '../../../tenant/index.ts'

export interface Made {
  readonly id: string
  readonly state: Properties
  readonly inputs: Properties
}

/** A provider that is signed in to a tenant of its own, for the tests of one file. */
export class Bench {
  tenant!: RunningTenant
  provider!: Provider

  /** @param roles application permissions of the deployer beside the least that it needs */
  constructor(...roles: string[]) {
    let dataDir: string
    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'plugin-test-'))
      this.tenant = await startTenant({
        dataDir,
        deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, ...roles],
      })
      tls.setDefaultCACertificates([...tls.getCACertificates('default'), this.tenant.caPem])
      this.provider = new Provider({ env: this.environment() })
      await this.provider.configure({})
    })
    afterAll(async () => {
      await this.tenant?.close()
      rmSync(dataDir, { recursive: true, force: true })
    })
  }

  environment(): Record<string, string> {
    return {
      ARM_METADATA_HOSTNAME: `localhost:${this.tenant.port}`,
      ARM_TENANT_ID: this.tenant.tenantId,
      ARM_CLIENT_ID: this.tenant.deployer.clientId,
      ARM_CLIENT_SECRET: readFileSync(this.tenant.deployer.secretFile, 'utf8').trim(),
    }
  }

  owned(news: Properties): Properties {
    return { owners: [this.tenant.deployer.objectId], ...news }
  }

  check({ token }: ResourceType, news: Properties): Properties {
    const { inputs, failures } = this.provider.check(token, news)
    expect(failures).toEqual([])
    return inputs
  }

  async make(type: ResourceType, news: Properties): Promise<Made> {
    const inputs = this.check(type, news)
    return { ...(await this.provider.create(type.token, inputs, false)), inputs }
  }

  async update(type: ResourceType, made: Made, news: Properties): Promise<Made> {
    const inputs = this.check(type, news)
    const state = await this.provider.update({ type: type.token, id: made.id }, made.state, inputs, {
      preview: false,
    })
    return { id: made.id, state, inputs }
  }

  async remove(type: ResourceType, { id, state }: Made): Promise<void> {
    await this.provider.remove({ type: type.token, id }, state)
  }

  /** What a refresh reads; undefined when the object is gone. */
  async refresh({ token }: ResourceType, { id, state, inputs }: Made) {
    return this.provider.read({ type: token, id }, state, inputs)
  }

  /** A read sees what was written, and the same inputs differ in nothing, in the written state and in the read one. */
  async expectSettled(type: ResourceType, made: Made): Promise<void> {
    const live = await this.refresh(type, made)
    expect(unsetAsNull(live?.state)).toEqual(unsetAsNull(made.state))
    expect(live?.inputs).toEqual(made.inputs)
    expect(this.provider.diff(type.token, made.state, made.inputs).changes).toEqual([])
  }

  /** What an import reads would have been made by the inputs that it finds. */
  async expectImportable(type: ResourceType, made: Made): Promise<void> {
    const imported = await this.provider.read({ type: type.token, id: made.id }, {}, {})
    expect(unsetAsNull(imported?.state)).toEqual(unsetAsNull(made.state))
    const inputs = this.check(type, imported!.inputs)
    expect(this.provider.diff(type.token, made.state, inputs).changes).toEqual([])
  }

  /** Calls a data source. */
  async invoke(name: string, args: Properties = {}) {
    return this.provider.invoke(`azuread:index/${name}:${name}`, args)
  }
}

/** A state with null for each empty list: a read stores those that a create or update leaves out. */
export function unsetAsNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(unsetAsNull)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unsetAsNull(each)]))
}
