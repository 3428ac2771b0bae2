import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html } from '../../../../lib/page/html.ts'

describe('html', () => {
  it('lets no inserted text become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: made } = html`<p title="${text}">${text}</p>`
        expect(made.match(/[<>]/g)).toHaveLength(4)
        expect(made.match(/"/g)).toHaveLength(2)
      }),
    )
  })

  it('keeps what is markup already', () => {
    expect(html`<ul>${['a', '<'].map((each) => html`<li>${each}</li>`)}</ul>`.text).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>',
    )
  })
})
