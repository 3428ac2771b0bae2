import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { publishedPermissions } from '../../../scripts/check/catalogue.ts'
import { checkProject, stacksOf } from '../../../scripts/check/check.ts'

const repository = resolve(import.meta.dirname, '../../..')
const examples = readdirSync(join(repository, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join(repository, 'examples', name))
  .filter((dir) => existsSync(join(dir, 'apps')))

describe.each(examples)('%s', (projectDir) => {
  it('keeps every rule', () => {
    const stacks = stacksOf(projectDir)
    expect(stacks).not.toEqual([])
    expect(checkProject({ projectDir, stacks, catalogue: publishedPermissions() }).findings).toEqual([])
  })

  it('has the form that editors check, by the schema that its files name', () => {
    const schema = readFileSync(join(repository, 'docs/schemas/app.schema.json'), 'utf8')
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema))
    for (const file of readdirSync(join(projectDir, 'apps'))) {
      const text = readFileSync(join(projectDir, 'apps', file), 'utf8')
      expect(text).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/\.\.\/\.\.\/docs\/schemas\/app\.schema\.json\n/,
      )
      expect(validate(parse(text)), `${file}: ${JSON.stringify(validate.errors)}`).toBe(true)
    }
  })
})
