import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml'
import type { MoveRecord } from '../../infra/contract/move.ts'
import { APPS_DIR, IDENTITIES_DIR } from '../../infra/declaration/app-files.ts'
import { APPS_KEY, IDENTITIES_KEY } from '../../infra/declaration/stack-declaration.ts'
import { replaceFileSync } from '../../lib/replace-file.ts'
import { CommandError } from '../lib/errors.ts'
import type { Section } from './stack-state.ts'

const PLACES = {
  apps: { key: APPS_KEY, folder: APPS_DIR },
  identities: { key: IDENTITIES_KEY, folder: IDENTITIES_DIR },
} as const

/** What is to be declared by another stack. */
export interface Declared {
  readonly name: string
  readonly section: Section
}

interface Stacks {
  readonly source: string
  readonly target: string
}

export function stackFile(stack: string): string {
  return `Pulumi.${stack}.yaml`
}

/**
 * The files of two stacks with declarations moved from one to the other, comments included. What all stacks share in
 * `apps/` stays there: the source takes it out with `null`, and the target no longer does.
 *
 * @returns by path in the project
 * @throws CommandError BAD_OPTIONS for aliases that lead from one file to the other
 */
export function movedDeclarations(
  projectDir: string,
  { source, target }: Stacks,
  declared: readonly Declared[],
): MoveRecord['files'] {
  const [from, to] = [source, target].map((stack) => open(projectDir, stackFile(stack))) as [Opened, Opened]
  for (const { name, section } of declared) {
    const { key, folder } = PLACES[section]
    const pair = take(from.document, key, name)
    take(to.document, key, name)
    if (pair) put(to.document, key, pair)
    if (isShared(projectDir, folder, name)) put(from.document, key, from.document.createPair(name, null))
  }
  return Object.fromEntries(
    [from, to].map((opened) => [opened.file, { was: hashOf(opened.text), content: render(opened) }]),
  )
}

/** @throws CommandError BAD_OPTIONS */
function render({ file, document }: Opened): string {
  try {
    return document.toString({ lineWidth: 0 })
  } catch {
    throw new CommandError(
      'BAD_OPTIONS',
      `${file}: an alias (*name) would be parted from its anchor (&name); write it out first.`,
    )
  }
}

/**
 * Writes the files as they are to be; those that are so already are left alone.
 *
 * @throws CommandError FILE_CHANGED for a file that somebody else has edited since; nothing is written
 */
export function writeFiles(projectDir: string, files: MoveRecord['files']): void {
  const due = Object.entries(files).filter(
    ([file, { content }]) => readFileSync(join(projectDir, file), 'utf8') !== content,
  )
  for (const [file, { was }] of due) {
    if (hashOf(readFileSync(join(projectDir, file), 'utf8')) === was) continue
    throw new CommandError(
      'FILE_CHANGED',
      `${file} was edited after the move began. Undo that, run the command again, and edit it afterwards.`,
    )
  }
  for (const [file, { content }] of due) {
    const path = join(projectDir, file)
    replaceFileSync(path, content, { mode: statSync(path).mode & 0o777 })
  }
}

interface Opened {
  readonly file: string
  readonly text: string
  readonly document: Document
}

function open(projectDir: string, file: string): Opened {
  const text = readFileSync(join(projectDir, file), 'utf8')
  return { file, text, document: parseDocument(text) }
}

function isShared(projectDir: string, folder: string, name: string): boolean {
  return ['yaml', 'yml'].some((extension) => existsSync(join(projectDir, folder, `${name}.${extension}`)))
}

/** Takes an entry out of the mapping under a key of the stack's config, and the mapping with its last one. */
function take(document: Document, key: string, name: string): Pair | undefined {
  const mapping = document.getIn(['config', key])
  if (!isMap(mapping)) return undefined
  const pair = pairOf(mapping, name)
  if (!pair) return undefined
  const index = mapping.items.indexOf(pair)
  mapping.items.splice(index, 1)
  // The parser takes a comment above the first entry for one above the whole mapping.
  if (index === 0 && mapping.commentBefore && isScalar(pair.key)) {
    pair.key.commentBefore ??= mapping.commentBefore
    mapping.commentBefore = null
  }
  if (mapping.items.length === 0) document.deleteIn(['config', key])
  return pair
}

function put(document: Document, key: string, pair: Pair): void {
  const mapping = document.getIn(['config', key])
  if (isMap(mapping)) mapping.items.push(pair)
  else {
    const made = document.createNode({}) as YAMLMap
    made.items.push(pair)
    document.setIn(['config', key], made)
  }
}

function pairOf(mapping: YAMLMap, name: string): Pair | undefined {
  return mapping.items.find(({ key }) => (isScalar(key) ? key.value : key) === name)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
