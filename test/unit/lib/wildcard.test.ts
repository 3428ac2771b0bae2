import { expect, it } from 'vitest'
import { wildcard } from '../../../lib/wildcard.ts'

it.each([
  ['*', '', true],
  ['a*c', 'abc', true],
  ['a*c', 'a\nc', true],
  ['a?c', 'ac', false],
  ['a.c', 'abc', false],
  ['a(b)|[c]$', 'a(b)|[c]$', true],
  ['b', 'abc', false],
])('%j and %j: %s', (pattern, text, matches) => {
  expect(wildcard(pattern).test(text)).toBe(matches)
})

it('stands for no separator', () => {
  expect(wildcard('a/*', { separator: '/' }).test('a/b/c')).toBe(false)
  expect(wildcard('a/*', { separator: '/' }).test('a/b')).toBe(true)
})
