import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

interface Manifest {
  readonly name: string
  readonly description: string
  readonly version: string
  readonly peerDependencies: Readonly<Record<string, string>>
}

/** The package.json of this package, found upwards: the built files lie one folder deeper than their sources. */
export const MANIFEST: Manifest = JSON.parse(readFileSync(findPackageJSON(import.meta.url) as string, 'utf8'))
