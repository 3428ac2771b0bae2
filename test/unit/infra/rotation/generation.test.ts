import { describe, expect, it } from 'vitest'
import { hasConsumers, missingTargets } from '../../../../infra/rotation/generation.ts'
import { generation } from './support.ts'

const delivered = (target: string, keyId: string) => ({ target, at: '2026-03-01T00:00:00Z', keyId })

describe('targets that lack a generation', () => {
  it('are those that were given nothing, or a credential that was issued anew since', () => {
    const deliveries = [delivered('a', 'old'), delivered('b', 'new')]
    expect(missingTargets({ keyId: 'new', deliveries }, ['a', 'b', 'c'])).toEqual(['a', 'c'])
    expect(missingTargets({ deliveries }, ['a', 'b', 'c'])).toEqual(['c'])
    expect(missingTargets({ keyId: 'new' }, ['a'])).toEqual(['a'])
  })
})

describe('a generation that consumers depend on', () => {
  const deliveries = [delivered('a', 'k')]
  it.each([
    ['the first, delivered nowhere', generation(1, 'current'), false],
    ['the first, delivered', generation(1, 'current', { deliveries }), true],
    ['one that was rotated into place', generation(2, 'current'), true],
    ['one that is not current any more', generation(2, 'previous', { deliveries }), false],
    ['one that is not current yet', generation(2, 'issued', { deliveries }), false],
  ])('%s: %o', (_, each, depends) => {
    expect(hasConsumers(each)).toBe(depends)
  })
})
