import { describe, expect, it } from 'vitest'
import { readClientForm } from '../../../../tenant/login/client-form.ts'
import { pairwiseSubject } from '../../../../tenant/login/subject.ts'

describe('a client', () => {
  it('names itself in the form before HTTP Basic, and is decoded from the latter', () => {
    const basic = `Basic ${Buffer.from('id%3A1:se%2Bcret:more').toString('base64')}`
    expect(readClientForm(new URLSearchParams(), basic)).toEqual({
      clientId: 'id:1',
      clientSecret: 'se+cret:more',
      assertion: undefined,
    })
    const form = new URLSearchParams({ client_id: 'form', client_secret: 'own' })
    expect(readClientForm(form, basic)).toMatchObject({ clientId: 'form', clientSecret: 'own' })
    const broken = `Basic ${Buffer.from('%:%').toString('base64')}`
    expect(() => readClientForm(new URLSearchParams(), broken)).toThrow('malformed')
  })

  it('knows a person by a name of its own', () => {
    expect(pairwiseSubject('user', 'one')).toBe(pairwiseSubject('user', 'one'))
    expect(pairwiseSubject('user', 'one')).not.toBe(pairwiseSubject('user', 'two'))
  })
})
