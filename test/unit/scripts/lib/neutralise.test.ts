import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { neutralise } from '../../../../scripts/lib/neutralise.ts'

describe('what a name or message could do to a pipeline', () => {
  it.each([
    ['##vso[task.prependpath]/tmp', '#\\u0023vso[task.prependpath]/tmp'],
    ['Ada ##VSO[task.setvariable variable=x]1', 'Ada #\\u0023VSO[task.setvariable variable=x]1'],
    ['###[error]x', '##\\u0023[error]x'],
    ['##[add-mask]x', '#\\u0023[add-mask]x'],
    ['::error::x', '\\u003a:error::x'],
    ['  ::add-mask::x', '  \\u003a:add-mask::x'],
    ['two\n\t::stop-commands::x\nthree', 'two\n\t\\u003a:stop-commands::x\nthree'],
    ['a\r::error::x', 'a\\u000d\\u003a:error::x'],
    ['a\u2028::error::x', 'a\\u2028\\u003a:error::x'],
    ['\u001b[31m::error::x', '\\u001b[31m::error::x'],
  ])('%j', (text, shown) => {
    const neutral = neutralise(text)
    expect(
      neutral.replaceAll('\\u000d\\u003a:', '\\u000d::').replaceAll('\\u2028\\u003a:', '\\u2028::'),
    ).toBe(shown.replaceAll('\\u000d\\u003a:', '\\u000d::').replaceAll('\\u2028\\u003a:', '\\u2028::'))
  })

  it('nothing is left for a runner, in any text', () => {
    const noise = fc.constantFrom(
      '##vso[',
      '##[',
      '::',
      '\n',
      '\r',
      ' ',
      '\u001b[31m',
      '#',
      ':',
      'x',
      '\u202e',
    )
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 12 }), fc.boolean(), (parts, colors) => {
        const shown = neutralise(parts.join(''), colors)
        expect(shown).not.toMatch(/##(vso)?\[/i)
        for (const line of shown.split(/\r\n|\n|\r/)) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are taken away
          expect(line.replace(/\u001b\[[\d;]*m/g, '').trimStart()).not.toMatch(/^::/)
        }
      }),
      { examples: [[[':', '\u001b[31m', '::'], true]], numRuns: 1000 },
    )
  })
})

describe('what it could do to a terminal', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['\u009b31m', '\\u009b31m'],
    ['ok\rno', 'ok\\u000dno'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['a\u0000b', 'a\\u0000b'],
    ['\u{e0041}', '\\udb40\\udc41'],
  ])('%j', (text, shown) => {
    expect(neutralise(text)).toBe(shown)
    expect(neutralise(text, true)).toBe(shown)
  })

  it('keeps tabs, line breaks of either kind, and every language', () => {
    const text = 'a\tb\r\nc\nשלום 你好 👩‍💻 é'
    expect(neutralise(text)).toBe(text)
  })

  it('keeps colours where they are wanted, hidden text never', () => {
    const colored = '\u001b[1;31mred\u001b[0m \u001b[38;5;8mgrey\u001b[39m'
    expect(neutralise(colored, true)).toBe(colored)
    expect(neutralise(colored)).not.toContain('\u001b')
    expect(neutralise('\u001b[8mhidden', true)).toBe('\\u001b[8mhidden')
    expect(neutralise('\u001b[0;08mhidden', true)).toBe('\\u001b[0;08mhidden')
  })
})

it('leaves JSON the value that it was', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('##vso[a]', '::error::', '\u202e', '\u001b'),
      (value, name) => {
        const wanted = { name, value }
        expect(JSON.parse(neutralise(JSON.stringify(wanted, null, 2)))).toEqual(
          JSON.parse(JSON.stringify(wanted)),
        )
      },
    ),
  )
})
