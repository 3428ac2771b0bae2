import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import grpc from '@grpc/grpc-js'
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js'
import messages, { type GetSchemaResponse } from '@pulumi/pulumi/proto/provider_pb.js'
import { expect, it } from 'vitest'
import { packageSchema } from '../../../scripts/provider/package-schema.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../..')

/** As Pulumi's language host for Node starts a plugin that a program names by its source (PulumiPlugin.yaml). */
it('serves the package from its folder, loaded by the runner of the Pulumi SDK', async () => {
  // The runner looks for TypeScript below the current directory.
  const cwd = await mkdtemp(join(tmpdir(), 'entra-apps-source-'))
  const runner = join(REPOSITORY, 'node_modules/@pulumi/pulumi/cmd/run-plugin')
  const folder = join(REPOSITORY, 'scripts/provider')
  const plugin = spawn(process.execPath, [runner, folder, '127.0.0.1:1'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [port] = await once(createInterface(plugin.stdout), 'line')
    const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
    const answer = await new Promise<GetSchemaResponse>((done, fail) =>
      client.getSchema(new messages.GetSchemaRequest(), (error, response) =>
        error ? fail(error) : done(response),
      ),
    )
    client.close()
    expect(answer.getSchema()).toBe(packageSchema())
  } finally {
    plugin.kill()
    await rm(cwd, { recursive: true, force: true })
  }
})
