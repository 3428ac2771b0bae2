import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A Go program that can be built from a pinned module in `engine/go/`. */
export interface GoProgram {
  /** Folder with the go.mod and go.sum. */
  directory: string
  /** Import path of the main package. */
  package: string
  /** Version of the module that holds it, without the leading `v`. */
  version: string
  /** Lowest Go release that can build it: the `go` line of its go.mod. */
  go: string
}

/** The Pulumi CLI. Its version is also the one that is downloaded. */
export function pulumiProgram(): GoProgram {
  return goProgram('pulumi', 'github.com/pulumi/pulumi/pkg/v3')
}

/**
 * The Node language host. 3.68.0 is the last version inside the SDK's Go module, before the host became a module of
 * its own; the protocol between CLI, host and SDK has stayed compatible, which the engine tests hold.
 */
export function languageHostProgram(): GoProgram {
  return goProgram('language-nodejs', 'github.com/pulumi/pulumi/sdk/v3')
}

/** The language host of YAML programs, which the CLI's own archive has beside it. */
export function yamlHostProgram(): GoProgram {
  return goProgram('language-yaml', 'github.com/pulumi/pulumi-yaml')
}

/** The azuread version of the installed `@pulumi/azuread`: SDK and plugin belong together, so it is written nowhere else. */
export function azureadVersion(): string {
  const manifest: { version: string } = createRequire(import.meta.url)('@pulumi/azuread/package.json')
  return manifest.version
}

function goProgram(folder: string, module: string): GoProgram {
  const directory = fileURLToPath(new URL(`go/${folder}`, import.meta.url))
  const goMod = readFileSync(`${directory}/go.mod`, 'utf8')
  return {
    directory,
    package: lineOf(goMod, /^tool (\S+)$/m),
    version: lineOf(goMod, new RegExp(`^\\t${module.replaceAll('.', '\\.')} v(\\S+)`, 'm')),
    go: lineOf(goMod, /^go (\S+)$/m),
  }
}

function lineOf(goMod: string, pattern: RegExp): string {
  const found = pattern.exec(goMod)?.[1]
  if (found === undefined) throw new Error(`No line of go.mod matches ${pattern}`)
  return found
}
