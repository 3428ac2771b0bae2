/**
 * `npm run structure`: prints the rooms of the house with the imports between them, from the top floor down, and fails for
 * an import that points upwards or into a room beside it.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import ts from 'typescript'

/**
 * From the ground floor up. A room imports from rooms of lower floors; rooms of one floor do not know each other. A room
 * holds its subfolders, except those that are rooms of their own.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['microsoft', 'lib'],
  // Each starts or imitates another party: Pulumi's CLI, a tenant, the azuread provider.
  ['engine', 'tenant/lib', 'plugin/protocol'],
  ['tenant/errors'],
  ['tenant/store'],
  ['tenant/model'],
  ['tenant/directory'],
  ['tenant/odata', 'tenant/tokens'],
  ['tenant/request'],
  ['tenant/rules'],
  ['tenant/audit', 'tenant/faults', 'tenant/seed'],
  ['tenant/graph'],
  ['tenant/login'],
  ['tenant/arm', 'tenant/control'],
  ['tenant/page'],
  ['tenant/server'],
  ['tenant'],
  ['plugin/schema'],
  ['plugin/client'],
  ['plugin/resources'],
  ['plugin/functions'],
  ['plugin'],
  // The program: what is declared, judged, registered.
  ['infra/declaration'],
  ['infra/keys', 'infra/rotation'],
  ['infra/retirement'],
  ['infra/contract'],
  ['infra/rules'],
  ['infra/registration'],
  ['infra/program'],
  ['policy'],
  // The commands.
  ['scripts/lib', 'scripts/proof/catalogue'],
  ['scripts/stack'],
  ['scripts/proof/model'],
  ['scripts/proof/connection', 'scripts/proof/retry'],
  ['scripts/proof/checks'],
  ['scripts/proof/targets', 'scripts/proof/directory'],
  ['scripts/proof/report'],
  ['scripts/proof'],
  [
    'scripts/delivery',
    'scripts/doctor',
    'scripts/adopt',
    'scripts/check',
    'scripts/provider',
    'scripts/inventory',
  ],
  ['scripts/rotation', 'scripts/report', 'scripts/fleet', 'scripts/init'],
  ['scripts/rehearsal', 'scripts/retirement', 'scripts/move'],
  ['scripts/commands'],
  ['scripts/acceptance', 'scripts/docs'],
  ['scripts'],
]

/** Folders that may import everything, and that nothing imports. */
const OUTSIDE = ['examples', 'test', 'bench', 'packaging']

const floors = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)))
const repository = resolve(import.meta.dirname, '..')
const imports = new Map<string, Map<string, number>>()
const problems: string[] = []

for (const file of sourceFiles()) {
  const room = roomOf(file)
  const counts = imports.get(room) ?? new Map<string, number>()
  imports.set(room, counts)
  for (const imported of importsOf(file)) {
    const target = roomOf(imported)
    if (target === room) continue
    counts.set(target, (counts.get(target) ?? 0) + 1)
    if ((floors.get(target) ?? 0) >= (floors.get(room) ?? 0)) {
      problems.push(`${file} (${room}) imports ${imported} (${target}), which is not on a lower floor.`)
    }
  }
}

// The type check wants the verdict alone.
for (const rooms of process.argv.includes('--quiet') ? [] : FLOORS.toReversed()) {
  for (const room of rooms) {
    const targets = [...(imports.get(room) ?? [])].map(([target, count]) => `${target} ${count}`)
    console.log(`${room} → ${targets.sort().join(', ') || 'nothing'}`)
  }
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  console.error('Move the file or the thing it imports, or change FLOORS in packaging/structure.ts.')
  process.exitCode = 1
}

/** The program's own files in git's order, committed or not. */
function sourceFiles(): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.js', '*.mjs'],
    {
      cwd: repository,
      encoding: 'utf8',
    },
  )
  return listed
    .split('\n')
    .filter((file) => file.includes('/') && !OUTSIDE.includes(file.split('/')[0] ?? ''))
    .filter((file) => existsSync(join(repository, file)))
}

/** The innermost room around a file. */
function roomOf(file: string): string {
  for (let folder = posix.dirname(file); folder !== '.'; folder = posix.dirname(folder)) {
    if (floors.has(folder)) return folder
  }
  throw new Error(`${file} stands in no room: give its folder a floor in packaging/structure.ts.`)
}

/** Paths of the repository's files that a file imports, types and dynamic imports included. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(repository, file), 'utf8'))
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(posix.dirname(file), name))
}
