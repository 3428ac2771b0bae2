/**
 * `npm run build`: the package's JavaScript and types in `dist/`, which git ignores. The repository itself runs from its
 * sources; Node strips no types below node_modules, so what is published has to be JavaScript.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '..')
const dist = join(repository, 'dist')

/** Files that the program reads or runs beside its code. */
const ASSETS = [
  'tenant/**/*.json',
  'plugin/**/*.json',
  'engine/go/*/go.*',
  'policy/PulumiPolicy.yaml',
  'policy/package.json',
]
const EXECUTABLES = ['plugin/pulumi-resource-azuread', 'scripts/main.js']

rmSync(dist, { recursive: true, force: true })
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: repository, stdio: 'inherit' })
for (const file of globSync([...ASSETS, 'plugin/pulumi-resource-azuread'], { cwd: repository })) {
  mkdirSync(dirname(join(dist, file)), { recursive: true })
  copyFileSync(join(repository, file), join(dist, file))
}
for (const file of EXECUTABLES) chmodSync(join(dist, file), 0o755)
