import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { RedeemedCodes } from '../../../../tenant/login/redeemed-codes.ts'
import { type Sealed, seal, unseal } from '../../../../tenant/login/sealed.ts'

describe('redeemed codes', () => {
  it('are redeemed once, and forgotten when they would be over anyway', () => {
    const codes = new RedeemedCodes()
    const at = (seconds: number): Date => new Date(seconds * 1000)
    expect(codes.redeem('a', at(600), at(0))).toBe(true)
    expect(codes.redeem('a', at(600), at(599))).toBe(false)
    expect(codes.redeem('b', at(1200), at(600))).toBe(true)
    expect(codes.redeem('a', at(1200), at(601))).toBe(true)
  })
})

describe('what is sealed', () => {
  const key = randomBytes(32)
  const content: Sealed = {
    id: 'i',
    clientId: 'c',
    userId: 'u',
    platform: 'web',
    scope: 'User.Read',
    issuedAt: 0,
  }
  const until = new Date('2026-01-01T00:10:00Z')
  const before = new Date('2026-01-01T00:00:00Z')

  it('opens with its key, as its kind, in its time', async () => {
    const token = await seal(key, 'code', content, until)
    expect(await unseal(key, 'code', token, before)).toEqual({ content })
    expect(await unseal(key, 'refresh_token', token, before)).toEqual({ failure: 'invalid' })
    expect(await unseal(randomBytes(32), 'code', token, before)).toEqual({ failure: 'invalid' })
    expect(await unseal(key, 'code', `${token}x`, before)).toEqual({ failure: 'invalid' })
    expect(await unseal(key, 'code', token, until)).toEqual({ content, failure: 'expired' })
  })

  it('shows nothing of what is in it', async () => {
    const token = await seal(key, 'code', { ...content, userId: 'somebody-in-particular' }, until)
    const shown = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect(shown.join(' ')).not.toContain('somebody')
  })
})
