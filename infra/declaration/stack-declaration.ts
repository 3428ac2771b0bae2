import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { mapValues } from '../../lib/map-values.ts'
import {
  APPS_DIR,
  IDENTITIES_DIR,
  type Place,
  readSharedFiles,
  readYamlFile,
  type YamlFile,
} from './app-files.ts'
import { depthOf, mergeDeclaration } from './merge.ts'

/** Name space of the settings of entra-apps in a stack's config, whatever the project is called. */
export const NAMESPACE = 'entra-apps'

/** The stack setting that declares applications. */
export const APPS_KEY = `${NAMESPACE}:apps`

/** The stack setting that declares identities. */
export const IDENTITIES_KEY = `${NAMESPACE}:identities`

/** What a stack declares: the shared applications with the stack's own settings laid over them. */
export interface StackDeclaration {
  /** Name of the stack's file, for messages. */
  readonly file: string
  /** The merged value, unchecked. `undefined` when nothing is declared at all. */
  readonly value: unknown
  /** The same of the identities. */
  readonly identities: unknown
  /** The stack's other settings, by full key, such as `entra-apps:cloud`. */
  readonly config: Readonly<Record<string, unknown>>
  /**
   * Where the value at a path is written.
   *
   * @param path from the config key down: `['apps', 'file-manager', 'displayName']`, `['identities', 'jobs', 'name']`
   * @returns `undefined` for a setting that is written nowhere, such as a default
   */
  readonly origin: (path: readonly (string | number)[]) => Place | undefined
  /** The same for messages: the nearest place there is. */
  readonly locate: (path: readonly (string | number)[]) => Place
}

/**
 * Lays the stack's applications over those of `apps/*.yaml`.
 *
 * @param overrides the stack config's `apps`
 * @param adopted applications whose files are yet to be written
 * @returns `undefined` when neither declares anything
 * @throws DeclarationError when a file is not valid YAML
 */
export function mergeApps(
  projectDir: string,
  overrides: unknown,
  adopted: Readonly<Record<string, unknown>> = {},
): unknown {
  const found = merged(readSharedFiles(projectDir, APPS_DIR), overrides)
  return Object.keys(adopted).length > 0 ? { ...(found as object | undefined), ...adopted } : found
}

/**
 * Lays the stack's identities over those of `identities/*.yaml`.
 *
 * @param overrides the stack config's `identities`
 * @returns `undefined` when neither declares anything
 * @throws DeclarationError when a file is not valid YAML
 */
export function mergeIdentities(projectDir: string, overrides: unknown): unknown {
  return merged(readSharedFiles(projectDir, IDENTITIES_DIR), overrides)
}

/**
 * Reads everything a stack declares from its files, without Pulumi.
 *
 * @throws DeclarationError when a file is not valid YAML
 */
export function readStackDeclaration(projectDir: string, stack: string): StackDeclaration {
  const stackFile = readYamlFile(projectDir, `Pulumi.${stack}.yaml`)
  const config = childOf(stackFile.value, 'config')
  const section = (key: string, folder: string): Section => ({
    key,
    shared: readSharedFiles(projectDir, folder),
    overrides: childOf(config, key),
  })
  const [apps, identities] = [section(APPS_KEY, APPS_DIR), section(IDENTITIES_KEY, IDENTITIES_DIR)]
  const sectionOf = (path: readonly (string | number)[]) => (path[0] === 'identities' ? identities : apps)

  const origin = (path: readonly (string | number)[]) => originIn(sectionOf(path), path, stackFile)
  const locate = (path: readonly (string | number)[]) => nearest(path, origin, sectionOf(path), stackFile)
  return {
    file: stackFile.file,
    value: merged(apps.shared, apps.overrides),
    identities: merged(identities.shared, identities.overrides),
    config: typeof config === 'object' && config !== null ? { ...config } : {},
    origin,
    locate,
  }
}

/** What is declared under one key of the stack's config, and in the folder beside it. */
interface Section {
  readonly key: string
  readonly shared: Readonly<Record<string, YamlFile>>
  readonly overrides: unknown
}

function originIn(
  { key, shared, overrides }: Section,
  path: readonly (string | number)[],
  stackFile: YamlFile,
): Place | undefined {
  const [, name, ...rest] = path
  if (name === undefined) return undefined
  const file = ownOf(shared, String(name))
  const own = depthOf(overrides, [name, ...rest])
  const common = file ? depthOf(file.value, rest) + 1 : 0
  if (Math.max(own, common) < path.length - 1) return undefined
  return own >= common ? stackFile.locate(['config', key, name, ...rest]) : file?.locate(rest)
}

/** The longest beginning of the path that is written somewhere, else the application's file, else the config key. */
function nearest(
  path: readonly (string | number)[],
  origin: StackDeclaration['origin'],
  { key, shared }: Section,
  stackFile: YamlFile,
): Place {
  for (let length = path.length; length > 1; length--) {
    const place = origin(path.slice(0, length))
    if (place) return place
  }
  return ownOf(shared, String(path[1]))?.locate([]) ?? stackFile.locate(['config', key])
}

function merged(shared: Readonly<Record<string, YamlFile>>, overrides: unknown): unknown {
  if (Object.keys(shared).length === 0) return overrides
  return mergeDeclaration(
    mapValues(shared, ({ value }) => value),
    overrides,
  )
}

/** Reads files that a declaration names, and tells which are the same; paths are relative to the project directory. */
export function projectReader(projectDir: string) {
  const read = (file: string): Uint8Array | undefined => {
    const path = resolve(projectDir, file)
    return existsSync(path) ? readFileSync(path) : undefined
  }
  return Object.assign(read, { realPath: (file: string) => realPath(resolve(projectDir, file)) })
}

/** The path without links, of a file that may yet have to be made. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    const folder = dirname(path)
    return folder === path ? path : join(realPath(folder), basename(path))
  }
}

/** An application may be called `constructor`, which every object has. */
function ownOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function childOf(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined
}
