import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { INTENT_VARIABLE, type Intent } from '../../infra/contract/intent.ts'
import { withTemporaryFolder } from '../../lib/temporary-folder.ts'

/** Runs a command with the environment that leads the program to the intent, which lies in a folder of its own. */
export async function withIntent<T>(
  intent: Intent,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  return await withTemporaryFolder('entra-apps-intent-', async (dir) => {
    const file = join(dir, 'intent.json')
    await writeFile(file, JSON.stringify(intent), { mode: 0o600 })
    return await work({ [INTENT_VARIABLE]: file })
  })
}
