import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { IdentityDeclarationInput } from '../../infra/declaration/identity.ts'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'

const FOLDERS = ['apps', 'identities'] as const

const EXAMPLES_DIR = resolve(import.meta.dirname, '../../examples')

/** Applications as a stack's own settings, laid over those of `apps/`; `null` takes one out. */
export type Overlay = Readonly<Record<string, unknown>>

/** One folder of `examples/`. */
export interface Example {
  readonly name: string
  readonly dir: string
  /** The applications in `apps/`, by name. */
  readonly apps: Readonly<Record<string, AppDeclarationInput>>
  /** The identities in `identities/`, by name. */
  readonly identities: Readonly<Record<string, IdentityDeclarationInput>>
  /** Which of the two folders it has. */
  readonly folders: readonly string[]
  /** The settings of its stack's file, such as `azuread:environment`. */
  readonly config: Readonly<Record<string, unknown>>
  /** What it is changed to (`change.yaml`), and each resource that this touches: `update Application file-manager`. */
  readonly change: {
    readonly apps?: Overlay
    readonly identities?: Overlay
    readonly touches: readonly string[]
  }
  /** What the tenant has besides (`seed.yaml`), as text. */
  readonly seed: string | undefined
  /** Names in its folder that its applications refer to, such as a logo. */
  readonly files: readonly string[]
}

/** Every example that declares applications; a new folder is one of them. */
export const EXAMPLES: readonly Example[] = readdirSync(EXAMPLES_DIR)
  .filter((name) => FOLDERS.some((folder) => existsSync(join(EXAMPLES_DIR, name, folder))))
  .map(readExample)

function readExample(name: string): Example {
  const dir = join(EXAMPLES_DIR, name)
  const entries = readdirSync(dir)
  const read = (file: string) => readFileSync(join(dir, file), 'utf8')
  const folders = FOLDERS.filter((folder) => entries.includes(folder))
  const declaredIn = (folder: (typeof FOLDERS)[number]) =>
    Object.fromEntries(
      (folders.includes(folder) ? readdirSync(join(dir, folder)) : []).map((file) => [
        file.replace(/\.yaml$/, ''),
        parse(read(join(folder, file))),
      ]),
    )
  const own = ['Pulumi.yaml', `Pulumi.${name}.yaml`, ...FOLDERS, 'change.yaml', 'seed.yaml']
  return {
    name,
    dir,
    apps: declaredIn('apps'),
    identities: declaredIn('identities'),
    folders,
    config: parse(read(`Pulumi.${name}.yaml`)).config,
    change: parse(read('change.yaml')),
    seed: entries.includes('seed.yaml') ? read('seed.yaml') : undefined,
    files: entries.filter((entry) => !own.includes(entry)),
  }
}
