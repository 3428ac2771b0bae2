import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { entryName } from '../../../../infra/declaration/schema/names.ts'
import { nameFor, renderFile } from '../../../../scripts/adopt/app-file.ts'

describe('nameFor', () => {
  it.each([
    ['Portal Made', [], 'portal-made'],
    ['Portal Made', ['portal-made', 'portal-made-2'], 'portal-made-3'],
    ['3D Print', [], 'app-3d-print'],
    ['Ünïcödé', [], 'unicode'],
    ['日本', [], 'app'],
  ])('%s beside %j → %s', (displayName, taken, wanted) =>
    expect(nameFor(displayName, (name) => (taken as string[]).includes(name))).toBe(wanted),
  )

  it('is a name that declarations take, whatever people call it', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        (text) => entryName.safeParse(nameFor(text, () => false)).success,
      ),
    )
  })
})

describe('renderFile', () => {
  it('says where it came from, and holds just the declaration', () => {
    const declaration = { displayName: 'Files', notes: `${'long '.repeat(40)}text` }
    const file = renderFile(declaration, { clientId: 'c', date: '2026-11-25', schema: '../app.schema.json' })
    expect(file.split('\n').slice(0, 2)).toEqual([
      '# yaml-language-server: $schema=../app.schema.json',
      '# Adopted on 2026-11-25 from the registration with client id c.',
    ])
    expect(parse(file)).toEqual(declaration)
  })
})
