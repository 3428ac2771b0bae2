import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONTROL_ADDRESSES } from '../../../tenant/control/routes.ts'
import { lagSchema } from '../../../tenant/faults/lag.ts'
import { faultSchema } from '../../../tenant/faults/rule.ts'
import { parseScript, parseSeed } from '../../../tenant/index.ts'

const text = readFileSync(new URL('../../../docs/local-tenant.md', import.meta.url), 'utf8')

const blocks = (kind: string): string[] =>
  [...text.matchAll(/```yaml (\w+)\n(.*?)```/gs)].flatMap(([, of, yaml]) => (of === kind ? [yaml ?? ''] : []))

/** First cells of the table below a heading, without backticks, split where a cell names several. */
const firstCells = (heading: string): string[] =>
  (text.split(heading)[1]?.split('\n#')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''))

describe('docs/local-tenant.md', () => {
  it('has examples that are accepted', () => {
    expect(blocks('script').map((yaml) => parseScript(yaml, 'example'))).toHaveLength(1)
    expect(blocks('seed').map((yaml) => parseSeed(yaml, 'example'))).toHaveLength(1)
  })

  it('names every effect and every kind of lag', () => {
    const effects = faultSchema.options.map((option) => option.shape.effect.value)
    expect(firstCells('### Effects').sort()).toEqual([...effects].sort())
    const kinds = Object.keys(lagSchema.parse(0))
    expect(firstCells('### Lag').sort()).toEqual(kinds.sort())
  })

  it('names every address of control', () => {
    const section = text.split('## Control it from outside')[1] ?? ''
    for (const address of CONTROL_ADDRESSES) {
      const path = address.split(' ').at(-1)?.split('?')[0] ?? ''
      expect(section, address).toContain(path)
    }
  })
})

describe('docs/testing-your-app.md', () => {
  it('shows the example that the tests run', () => {
    const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
    expect(read('docs/testing-your-app.md')).toContain(
      `\`\`\`ts\n${read('examples/testing/test/first.test.ts')}\`\`\`\n`,
    )
  })
})
