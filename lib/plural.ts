/** A count with its noun, whose plural ends in s: `1 mistake`, `2 mistakes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
