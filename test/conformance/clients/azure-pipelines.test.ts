import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { pythonPackages } from '../../support/clients/install.ts'
import { pipelineTexts } from '../../support/pipeline-files.ts'

const run = promisify(execFile)

/** Holds files to Microsoft's own JSON schema of Azure Pipelines, with every built-in task and its inputs. */
const CHECK = { name: 'check-jsonschema', version: '0.39.0' }

describeClient(CHECK, 'python3', () => {
  let program: string
  beforeAll(async () => {
    const venv = await pythonPackages(`${CHECK.name}-${CHECK.version}`, [`${CHECK.name}==${CHECK.version}`])
    program = join(venv, 'bin', CHECK.name)
  }, INSTALL_TIMEOUT)

  async function check(text: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'azure-'))
    try {
      const file = join(folder, 'pipeline.json')
      // To Azure Pipelines every scalar is a string.
      await writeFile(file, JSON.stringify(parse(text, { schema: 'failsafe' })))
      const schema = ['--builtin-schema', 'vendor.azure-pipelines', '--regex-variant', 'python']
      await run(program, [...schema, file])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  it.each(Object.entries(pipelineTexts('azure')))('Azure Pipelines accepts %s', (_, text) => check(text))

  it('finds what is wrong', async () => {
    await expect(check('steps: [{ task: Cache@2, inputs: { path: a, kee: b } }]')).rejects.toThrow()
    await expect(check('steps: [{ task: Cache@2, inputs: { path: a, key: b } }]')).resolves.toBeUndefined()
  })
})
