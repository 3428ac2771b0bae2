import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import semver from 'semver'
import type { Made } from './cache.ts'
import { run, withProgress } from './child.ts'
import type { Context } from './context.ts'
import { executable, which, wrongVersion } from './find.ts'
import { type GoProgram, languageHostProgram, pulumiProgram } from './pins.ts'

/** First Go release that fetches a newer toolchain when a go.mod asks for one ("Go Toolchains", go.dev). */
const FIRST_SELF_UPDATING_GO = '1.21.0'

/** A Go command that can build the engine; `version` as Go writes it, such as `go1.26.8`. */
export interface GoToolchain {
  command: string
  version: string
}

/** The Go command on PATH, or why it cannot build the engine. */
export async function findGo(context: Context): Promise<GoToolchain | { reason: string }> {
  const command = which('go', context.env)
  if (command === undefined) return { reason: 'no go on PATH' }
  const result = await run(context, command, ['env', 'GOVERSION', 'GOTOOLCHAIN'], {
    doing: 'asking go for its version',
    timeout: 30_000,
  })
  if (!result.ok) return { reason: `${command} does not run (${result.reason})` }
  const [version = '', toolchain = ''] = result.stdout.split('\n').map((line) => line.trim())
  const needed = pulumiProgram().go
  if (canBuild(version, toolchain, needed)) return { command, version }
  return { reason: `${command} is ${version || 'of unknown version'}, older than ${needed}` }
}

/**
 * Whether a Go release can build a module whose go.mod asks for `needed`. An older one can when it may fetch the
 * toolchain it lacks, which `GOTOOLCHAIN=local` forbids.
 */
export function canBuild(version: string, toolchain: string, needed: string): boolean {
  // `coerce` reads go1.27rc1 as 1.27.0: a release candidate can do what its release can.
  const have = semver.coerce(version)
  const need = semver.coerce(needed)
  // A development build ("devel …") has no comparable number and is newer than any release.
  if (have === null || need === null) return version.startsWith('devel')
  return semver.gte(have, need) || (semver.gte(have, FIRST_SELF_UPDATING_GO) && toolchain !== 'local')
}

/**
 * Builds CLI and language host into `<folder>/bin` from the modules pinned in `engine/go`.
 *
 * @returns why it failed, or nothing.
 * @throws EngineError `INTERRUPTED`.
 */
export async function buildEngine(context: Context, go: GoToolchain, folder: string): Promise<Made> {
  const work = prepare(folder)
  const host = join(folder, 'bin', executable('pulumi-language-nodejs'))
  const cli = join(folder, 'bin', executable('pulumi'))
  const pins = pulumiProgram()
  const failure =
    (await buildProgram(context, go, languageHostProgram(), 'the Node language host', host, work)) ??
    (await buildProgram(context, go, pins, 'the Pulumi CLI', cli, work))
  if (failure !== undefined) return { reason: failure }
  rmSync(work, { recursive: true, force: true })
  const reason = await wrongVersion(context, cli, pins.version)
  return reason === undefined ? {} : { reason }
}

/**
 * Builds one language host into `<folder>/bin`.
 *
 * @returns why it failed, or nothing.
 * @throws EngineError `INTERRUPTED`.
 */
export async function buildHost(
  context: Context,
  go: GoToolchain,
  program: GoProgram,
  name: string,
  folder: string,
): Promise<Made> {
  const work = prepare(folder)
  const target = join(folder, 'bin', executable(name))
  const reason = await buildProgram(context, go, program, name, target, work)
  rmSync(work, { recursive: true, force: true })
  return reason === undefined ? {} : { reason }
}

/** Go's work folder inside ours is removed with it, whatever happens to the build. */
function prepare(folder: string): string {
  const work = join(folder, 'go-work')
  mkdirSync(work)
  mkdirSync(join(folder, 'bin'))
  return work
}

async function buildProgram(
  context: Context,
  go: GoToolchain,
  program: GoProgram,
  name: string,
  target: string,
  work: string,
): Promise<string | undefined> {
  const flags = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', linkerFlags(program)]
  const options = { doing: `building ${name}`, cwd: program.directory, env: goEnvironment(work) }

  let fetched = 0
  const countFetched = (line: string) => {
    if (line.startsWith('go: downloading ')) fetched += 1
  }
  const listing = ['list', ...flags, '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', program.package]
  const stale = await withProgress(
    context,
    () => `${fetched} Go modules of ${name} fetched`,
    () => run(context, go.command, listing, { ...options, onErrorLine: countFetched }),
  )
  if (!stale.ok) return `the modules of ${name} cannot be fetched: ${stale.reason}`

  const total = stale.stdout.split('\n').filter((line) => line !== '').length
  let compiled = 0
  const countCompiled = (line: string) => {
    // `go build -v` prints the import path of each package it compiles; everything else it prints has blanks.
    if (/^\S+$/.test(line)) compiled += 1
  }
  const built = await withProgress(
    context,
    () => `${name}: ${compiled} of ${total} packages compiled`,
    () =>
      run(context, go.command, ['build', '-v', ...flags, '-o', target, program.package], {
        ...options,
        onErrorLine: countCompiled,
      }),
  )
  return built.ok ? undefined : `${name} does not compile: ${built.reason}`
}

// A release of Pulumi sets its version the same way. Without it the CLI has none, and the Automation API refuses it.
function linkerFlags(program: GoProgram): string {
  return `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${program.version}`
}

function goEnvironment(work: string): Record<string, string> {
  return {
    CGO_ENABLED: '0',
    GOTMPDIR: work,
    // A workspace or a cross-compilation of the surrounding shell must not leak into the engine.
    GOWORK: 'off',
    GOOS: '',
    GOARCH: '',
  }
}
