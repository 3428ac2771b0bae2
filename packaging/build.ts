/**
 * `npm run build`: the package's JavaScript and types in `dist/`, which git ignores. The repository itself runs from its
 * sources; Node strips no types below node_modules, so what is published has to be JavaScript.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '..')
const dist = join(repository, 'dist')

/** Folders that are published; what is not code in them is read or run by the code beside it. */
const PUBLISHED = ['infra', 'scripts', 'tenant', 'plugin', 'engine', 'policy', 'microsoft', 'lib']
const CODE = new Set(['.ts', '.js'])
const EXECUTABLES = [
  'plugin/pulumi-resource-azuread',
  'scripts/provider/pulumi-resource-entra-apps',
  'scripts/main.js',
]

rmSync(dist, { recursive: true, force: true })
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: repository, stdio: 'inherit' })
const files = globSync(
  PUBLISHED.map((folder) => `${folder}/**/*`),
  { cwd: repository, withFileTypes: true },
)
for (const file of files) {
  if (!file.isFile() || CODE.has(extname(file.name))) continue
  const path = relative(repository, join(file.parentPath, file.name))
  mkdirSync(dirname(join(dist, path)), { recursive: true })
  copyFileSync(join(repository, path), join(dist, path))
}
for (const file of EXECUTABLES) chmodSync(join(dist, file), 0o755)
