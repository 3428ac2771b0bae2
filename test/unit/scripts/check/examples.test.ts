import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { mergeDeclaration } from '../../../../infra/declaration/merge.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { publishedApisByName } from '../../../../microsoft/apis.ts'
import { checkProject, stacksOf } from '../../../../scripts/check/check.ts'
import { EXAMPLES } from '../../../support/examples.ts'

const repository = resolve(import.meta.dirname, '../../../..')

function findingsOf(projectDir: string) {
  const stacks = stacksOf(projectDir)
  expect(stacks).not.toEqual([])
  return checkProject({ projectDir, stacks, catalogue: publishedApisByName() }).findings
}

describe.each(EXAMPLES)('the example $name', ({ name, dir, config, change, folders }) => {
  it('keeps every rule', () => {
    expect(findingsOf(dir)).toEqual([])
  })

  it('keeps them after its change as well', async () => {
    const changed = mkdtempSync(join(tmpdir(), 'entra-apps-example-'))
    try {
      await cp(dir, changed, { recursive: true })
      const settings = {
        ...config,
        'entra-apps:apps': change.apps,
        'entra-apps:identities': change.identities,
      }
      writeFileSync(join(changed, `Pulumi.${name}.yaml`), stringify({ config: settings }))
      expect(findingsOf(changed)).toEqual([])
    } finally {
      rmSync(changed, { recursive: true })
    }
  })

  it('has the form that editors check, by the schema that its files name', () => {
    const files = folders.flatMap((folder) => readdirSync(join(dir, folder)).map((file) => [folder, file]))
    for (const [folder = '', file = ''] of files) {
      const path = `docs/schemas/${folder === 'apps' ? 'app' : 'identity'}.schema.json`
      const schema = readFileSync(join(repository, path), 'utf8')
      const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema))
      const text = readFileSync(join(dir, folder, file), 'utf8')
      expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=../../../${path}`)
      expect(validate(parse(text)), `${file}: ${JSON.stringify(validate.errors)}`).toBe(true)
    }
  })

  it('is in the list of examples', () => {
    expect(readFileSync(join(repository, 'examples/README.md'), 'utf8')).toContain(`| \`${name}\` |`)
  })
})

it('has an example for every setting of an application', () => {
  const used = EXAMPLES.flatMap(({ apps, change }) => [
    ...Object.values(apps),
    ...Object.values(mergeDeclaration(apps, change.apps) as typeof apps),
  ]).flatMap(Object.keys)
  expect(Object.keys(appDeclaration.shape).filter((key) => !used.includes(key))).toEqual([])
})
