import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { COMMANDS } from '../../../scripts/commands/definitions.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../..')
const PAGES = globSync(['*.md', '.github/*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: REPOSITORY })
const read = (page: string) => readFileSync(join(REPOSITORY, page), 'utf8')

/** A path in backticks that begins with a folder of the repository; those with placeholders or wildcards are left out. */
const PATH =
  /`((?:infra|scripts|tenant|engine|plugin|policy|lib|microsoft|packaging|bench|test|docs)\/[\w./-]+)`/g

/** Ids of headings, as GitHub makes them. */
const anchors = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )

describe.each(PAGES)('%s', (page) => {
  const text = read(page)

  it('links to files and headings that are there', () => {
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      expect(existsSync(join(REPOSITORY, target)), `${page} → ${link}`).toBe(true)
      if (anchor !== undefined) expect(anchors(target), `${page} → ${link}`).toContain(anchor)
    }
  })

  it('names files of the repository that exist', () => {
    for (const [, path = ''] of text.matchAll(PATH)) {
      expect(existsSync(join(REPOSITORY, path)), `${page}: ${path}`).toBe(true)
    }
  })

  it('names npm scripts that exist', () => {
    for (const [, script = ''] of text.matchAll(/npm run (?:-s )?([\w:-]+)/g)) {
      expect(Object.keys(manifest.scripts), `${page}: npm run ${script}`).toContain(script)
    }
  })
})

it('README.md names every command', () => {
  const text = read('README.md')
  // A checkout has another script of the name `check`.
  for (const { name } of COMMANDS) expect(text, name).toMatch(new RegExp(`\`${name}(:apps)?\``))
})

it('CONTRIBUTING.md has every folder on its map', () => {
  const map = read('CONTRIBUTING.md')
  const folders = readdirSync(REPOSITORY, { withFileTypes: true })
    .filter((each) => each.isDirectory() && !/^\.|^(node_modules|dist|coverage|docs|apps)$/.test(each.name))
    .map(({ name }) => name)
  const parts = ['infra', 'scripts'].flatMap((parent) =>
    readdirSync(join(REPOSITORY, parent), { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => `${parent}/${name}`),
  )
  for (const folder of [...folders, ...parts]) {
    // A folder whose parts are on the map needs no line of its own.
    expect(map.includes(`](${folder})`) || map.includes(`](${folder}/`), folder).toBe(true)
  }
})
