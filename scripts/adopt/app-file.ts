import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { APPS_DIR } from '../../infra/declaration/app-files.ts'
import { replaceFileSync } from '../../lib/replace-file.ts'
import { slug } from '../../lib/slug.ts'

/** Path of an application's file, from the project directory. */
export function fileOf(app: string): string {
  return join(APPS_DIR, `${app}.yaml`)
}

export function fileExists(projectDir: string, app: string): boolean {
  return ['yaml', 'yml'].some((extension) => existsSync(join(projectDir, APPS_DIR, `${app}.${extension}`)))
}

/** Where the schema of such a file is, from `apps/`: in this repository, or in the package that a project has installed. */
export function schemaFor(projectDir: string): string {
  const own = 'docs/schemas/app.schema.json'
  const installed = join('node_modules/entra-apps', own)
  return `../${existsSync(join(projectDir, own)) || !existsSync(join(projectDir, installed)) ? own : installed}`
}

/** What the file of an adopted application holds. */
export function renderFile(
  declaration: Readonly<Record<string, unknown>>,
  { clientId, date, schema }: { readonly clientId: string; readonly date: string; readonly schema: string },
): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    `# Adopted on ${date} from the registration with client id ${clientId}.`,
    stringify(declaration, { lineWidth: 0 }),
  ].join('\n')
}

/** Writes the file in one step: a reader finds all of it or nothing. */
export async function writeAppFile(projectDir: string, app: string, content: string): Promise<void> {
  const file = join(projectDir, fileOf(app))
  await mkdir(dirname(file), { recursive: true })
  replaceFileSync(file, content, { mode: 0o644 })
}

/** A name for an application after what people call it: lower-case letters, digits and hyphens. */
export function nameFor(displayName: string, isTaken: (name: string) => boolean): string {
  const plain = slug(displayName.normalize('NFD').replace(/\p{M}/gu, '')).slice(0, 50).replace(/-$/, '')
  const name = /^[a-z]/.test(plain) ? plain : `app${plain && `-${plain}`}`
  if (!isTaken(name)) return name
  for (let i = 2; ; i++) if (!isTaken(`${name}-${i}`)) return `${name}-${i}`
}
