import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mergeDeclaration } from '../../../infra/declaration/merge.ts'
import { readDeclaration } from '../../../infra/rules/validate.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../..')
const APPS = 'entra-apps:apps'

type Mapping = Record<string, unknown>

/** Blocks of YAML that declare something, without the indentation of the list they stand in. */
function blocksOf(page: string): string[] {
  const text = readFileSync(join(REPOSITORY, page), 'utf8')
  return [...text.matchAll(/^( *)```yaml\n(.*?)^ *```/gms)].map(([, indent, yaml = '']) =>
    yaml.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
}

/** The applications that a block declares: whole, by name, as a stack's own settings, or a part of one. */
function applicationsIn(block: Mapping): Mapping {
  const stack = (block['config'] as Mapping | undefined)?.[APPS]
  if (stack) return mergeDeclaration({ 'file-manager': WHOLE }, stack) as Mapping
  if ('displayName' in block) return { app: block }
  const isNamed = Object.values(block).every(
    (each) => typeof each === 'object' && 'displayName' in Object(each),
  )
  return isNamed ? block : { app: { displayName: 'App', ...block } }
}

/** What the first page declares, for blocks that override a part of it. */
const WHOLE = parse(blocksOf('docs/declaration.md')[0] ?? '')

const PAGES = ['README.md', 'docs/declaration.md', 'docs/delivery.md', 'docs/rotation.md', 'docs/rules.md']

describe.each(PAGES)('%s', (page) => {
  it.each(blocksOf(page).map((block, i) => [i + 1, block] as const))(
    'has settings that exist in example %i',
    (_number, block) => {
      const result = readDeclaration(applicationsIn(parse(block)))
      // EA001 is a mistake of form; other rules judge what an excerpt leaves out.
      const mistakes = result.ok ? [] : result.problems.filter(({ code }) => code === 'EA001')
      expect(mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([])
    },
  )
})
