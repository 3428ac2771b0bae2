import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { DeclarationError, type Problem } from './problems.ts'

/** Folder of the applications that every stack of the project shares, one file each. */
export const APPS_DIR = 'apps'

/** Folder of the identities that every stack of the project shares, one file each. */
export const IDENTITIES_DIR = 'identities'

/** A YAML file with the places of its values. */
export interface YamlFile {
  /** Path from the project directory. */
  readonly file: string
  readonly value: unknown
  /**
   * Where the setting at a path is written.
   *
   * @returns line and column from 1; of the deepest step that is there
   */
  readonly locate: (path: readonly (string | number)[]) => Place
}

/** A place in a file. */
export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/**
 * Reads the files of a folder that the stacks of a project share.
 *
 * @returns files by the name of their application or identity; empty when there is no such folder
 * @throws DeclarationError when one of them is not valid YAML
 */
export function readSharedFiles(projectDir: string, folder: string): Record<string, YamlFile> {
  const files = list(join(projectDir, folder)).map((name) => join(folder, name))
  return Object.fromEntries(
    files.map((file) => [basename(file, extname(file)), readYamlFile(projectDir, file)]),
  )
}

/** @throws DeclarationError when the file is not valid YAML; what `readFileSync` throws when it cannot be read */
export function readYamlFile(projectDir: string, file: string): YamlFile {
  const text = readFileSync(join(projectDir, file), 'utf8')
  const lines = new LineCounter()
  const { document, value } = parseYaml(text, lines, file)
  const locate = (path: readonly (string | number)[]): Place => {
    const offset = offsetOf(document.contents, path)
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  return { file, value, locate }
}

function parseYaml(text: string, lineCounter: LineCounter, file: string) {
  try {
    // The library compares each key of a mapping with all before it: half an hour for 300,000 keys.
    const document = parseDocument(text, { lineCounter, uniqueKeys: false })
    const problems = [...syntaxProblems(document), ...repeatedKeys(document, lineCounter)]
    if (problems.length > 0) throw new DeclarationError(problems, file)
    return { document, value: document.toJS() as unknown }
  } catch (error) {
    if (error instanceof DeclarationError) throw error
    // Aliases that multiply to millions of values, an alias without its anchor, or thousands of levels.
    const why = error instanceof RangeError ? 'it is nested too deeply' : 'its aliases cannot be resolved'
    const problem = {
      path: ['line 1'],
      message: `this YAML cannot be read: ${why}`,
      fix: 'write it out with fewer levels and fewer aliases (*name)',
    }
    throw new DeclarationError([problem], file)
  }
}

function syntaxProblems(document: Document) {
  return document.errors.map(({ message, linePos }) => ({
    path: [`line ${linePos?.[0].line ?? 1}`],
    message: `this is not valid YAML (${/call stack/.test(message) ? 'it is nested too deeply' : message.split('\n')[0]?.replace(/ at line.*/, '')})`,
    fix: 'correct the syntax; most often it is the indentation or a missing quote',
  }))
}

/** Keys that a mapping holds twice; of `1` and `"1"` only one would be left. */
function repeatedKeys(document: Document, lines: LineCounter): Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (seen.has(name))
          problems.push({
            path: [`line ${lines.linePos(key.range?.[0] ?? 0).line}`],
            message: `the key "${name}" stands in this mapping already`,
            fix: 'remove one of the two',
          })
        seen.add(name)
      }
    },
  })
  return problems
}

/** The offset of the key, or of the list entry, that the deepest existing step of the path leads to. */
function offsetOf(root: Node | null, path: readonly (string | number)[]): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(step))
      if (!pair) break
      offset = (pair.key as Scalar).range?.[0] ?? offset
      node = pair.value
    } else if (typeof node === 'object' && node !== null && 'items' in node) {
      const item = (node.items as (Node | undefined)[])[Number(step)]
      if (!item) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}

/** Pairs by their keys: thousands of findings would search a mapping of thousands for their places. */
const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  // Backwards, so that the first of two counts.
  const known =
    pairs.get(map) ??
    new Map(map.items.toReversed().map((pair) => [String((pair.key as Scalar).value), pair] as const))
  pairs.set(map, known)
  return known
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
