import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A project directory of the test's own, with these files beside its Pulumi.yaml. */
export async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'entra-apps-project-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  for (const [file, content] of Object.entries({ 'Pulumi.yaml': 'name: entra-apps\n', ...files })) {
    await mkdir(dirname(join(dir, file)), { recursive: true })
    await writeFile(join(dir, file), content)
  }
  return dir
}
