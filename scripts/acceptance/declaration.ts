import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { parseDuration } from '../../lib/duration.ts'
import { ownName } from './fence.ts'

/** Examples that any tenant can take: no people, no logo, no national cloud. */
const EXAMPLES = ['daemon', 'api-and-clients', 'clients']

/** The application whose secret is rotated, and the secret. */
export const ROTATED = { app: 'file-manager', secret: 'onedrive' } as const

const OVERLAP = '1m'

/** How long the old secret stays valid, in milliseconds. */
export const OVERLAP_MS = parseDuration(OVERLAP)

/** The applications of the examples under names of this run. */
export function acceptanceApps(examplesDir: string, run: string): Record<string, AppDeclarationInput> {
  const apps = EXAMPLES.flatMap((example) => {
    const dir = join(examplesDir, example, 'apps')
    return readdirSync(dir).map((file) => {
      const app: AppDeclarationInput = parse(readFileSync(join(dir, file), 'utf8'))
      // A tenant without a subscription has no Azure Key Vault to ask a token for.
      const { tokens: _, ...rest } = app
      return [file.replace(/\.yaml$/, ''), { ...rest, displayName: ownName(run, app.displayName) }] as const
    })
  })
  const declared: Record<string, AppDeclarationInput> = Object.fromEntries(apps)
  const rotated = declared[ROTATED.app]
  if (rotated === undefined) throw new Error(`the examples have no application "${ROTATED.app}"`)
  const secret = { displayName: 'Rotated', lifetime: '1d', rotateEvery: '2h', overlap: OVERLAP }
  return { ...declared, [ROTATED.app]: { ...rotated, secrets: { [ROTATED.secret]: secret } } }
}
