/**
 * An expression for a whole text in which `*` stands for any characters and `?` for one.
 *
 * @param separator a character for which neither stands
 * @param flags of the expression
 */
export function wildcard(pattern: string, { separator = '', flags = '' } = {}): RegExp {
  const any = separator === '' ? '[^]' : `[^${separator}]`
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', `${any}*`)
    .replaceAll('?', any)
  return new RegExp(`^${expression}$`, flags)
}
