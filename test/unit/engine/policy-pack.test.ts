import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Engine, policyPackFor } from '../../../engine/index.ts'
import { sandbox } from './sandbox.ts'

const OWN_PACK = resolve(import.meta.dirname, '../../../policy')

const engine = (version: string): Engine => ({
  command: '/cache/bin/pulumi',
  binDir: '/cache/bin',
  version,
  source: 'cache',
  description: '',
})

/** A folder in the sandbox with one file. */
async function folderWith(home: string, file: string, content: string): Promise<string> {
  const folder = join(home, "o'brien's pack")
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), content)
  return folder
}

describe('policyPackFor', () => {
  it('gives an engine that starts executables a script in the cache, the same one each time', () => {
    const { cacheDir } = sandbox()
    const file = policyPackFor(engine('3.274.1'), OWN_PACK, { cacheDir })
    expect(file.startsWith(join(cacheDir, 'policy'))).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain(`cd '${OWN_PACK}' && exec node `)
    expect(policyPackFor(engine('3.280.0'), OWN_PACK, { cacheDir })).toBe(file)
  })

  it('leaves the pack to an older engine', () => {
    expect(policyPackFor(engine('3.200.0'), OWN_PACK)).toBe(OWN_PACK)
  })

  it('leaves a pack for another runtime to the engine', async () => {
    const pack = await folderWith(sandbox().home, 'PulumiPolicy.yaml', 'runtime: { name: python }\n')
    expect(policyPackFor(engine('3.274.1'), pack)).toBe(pack)
  })

  it.each([
    ['a folder without a project file', 'README.md', '', /is not a policy pack .*PulumiPolicy\.yaml/],
    ['a project file without a runtime', 'PulumiPolicy.yaml', 'name: x\n', /is not a policy pack/],
    ['a pack without its libraries', 'PulumiPolicy.yaml', 'runtime: nodejs\n', /Run "npm install" there/],
  ])('refuses %s', async (_, file, content, message) => {
    const pack = await folderWith(sandbox().home, file, content)
    const refused = () => policyPackFor(engine('3.274.1'), pack)
    expect(refused).toThrow(message)
    expect(refused).toThrow(expect.objectContaining({ code: 'POLICY_PACK_UNUSABLE' }))
  })
})
