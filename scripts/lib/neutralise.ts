/** Commands of Azure Pipelines (`##vso[…]`, `##[…]`), wherever they stand in a line; GitHub's runner takes `##[` as well. */
const AZURE_COMMAND = /##(?=\[|vso\[)/gi

/** Commands of GitHub Actions, at the beginning of a line, white space and colour before them or not, colour in them or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const GITHUB_COMMAND = /^((?:[^\S\n]|\u001b\[[\d;]*m)*):(?=(?:\u001b\[[\d;]*m)*:)/gm

/**
 * Control characters but tab and line breaks, marks that change the direction of text, invisible marks and tags, and
 * line breaks that only some programs take for one.
 */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\r(?!\n)|[\u{e0000}-\u{e007f}]/gu

/** A colour or weight (ECMA-48 SGR), as our own output and Pulumi's have them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const COLOR = /\u001b\[([\d;]*)m/y

/** Hidden and blinking text. */
const REFUSED_COLORS = ['5', '6', '8']

/**
 * A text as it may be shown: names and messages come from elsewhere, and neither a pipeline nor a terminal may take them
 * for commands. What could be one is written as JSON would write it (`\u001b`), so that JSON stays what it was.
 *
 * @param colors whether colours may stay
 */
export function neutralise(text: string, colors = false): string {
  return text
    .replace(CONTROL, (char, offset: number) => (colors && isColor(text, offset) ? char : escaped(char)))
    .replace(AZURE_COMMAND, '#\\u0023')
    .replace(GITHUB_COMMAND, '$1\\u003a')
}

function isColor(text: string, offset: number): boolean {
  COLOR.lastIndex = offset
  const codes = COLOR.exec(text)?.[1]
  if (codes === undefined) return false
  // 38;5;8 is a colour out of 256, and no hidden text.
  const single = codes.replace(/[34]8;(5;\d+|2;\d+;\d+;\d+)/g, '')
  return !single.split(';').some((code) => REFUSED_COLORS.includes(String(Number(code))))
}

/** The text with each of its UTF-16 code units as JSON escapes it: `\\u001b`. */
export function escaped(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
