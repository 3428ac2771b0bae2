import { choice, el } from '../../../../lib/page/browser/dom.mjs'

/**
 * Shows rows page by page, so that any number of them stays quick.
 *
 * @template T
 * @param {string} what word for the rows
 * @param {(rows: readonly T[]) => Node} draw
 * @param {number} [size] rows of a page at first
 */
export function pager(what, draw, size = 100) {
  /** @type {readonly T[]} */
  let rows = []
  let page = 0
  const place = el('div')
  const said = el('span')
  /** @param {string} text @param {() => number} target */
  const step = (text, target) =>
    el('button', { type: 'button', 'aria-label': `${text} page of ${what}`, click: () => go(target()) }, text)
  const last = () => Math.max(0, Math.ceil(rows.length / size) - 1)
  const buttons = [
    step('First', () => 0),
    step('Previous', () => page - 1),
    step('Next', () => page + 1),
    step('Last', last),
  ]
  const sizes = choice(
    'Rows',
    [
      ...[25, 100, 500].map((each) => /** @type {[string, string]} */ ([`${each}`, `${each}`])),
      ['1e9', 'all'],
    ],
    (value) => {
      size = Number(value)
      go(0)
    },
  )
  sizes.select.value = String(size)
  /** @param {number} target */
  function go(target) {
    page = Math.min(Math.max(0, target), last())
    const first = page * size
    const shown = rows.slice(first, first + size)
    for (const [i, button] of buttons.entries()) button.disabled = i < 2 ? page === 0 : page === last()
    const range = `${first + 1} to ${first + shown.length} of ${rows.length} ${what}`
    said.textContent = rows.length === 0 ? `no ${what}` : range
    place.replaceChildren(draw(shown))
  }
  return {
    element: el('div', {}, place, el('div', { class: 'pager' }, ...buttons, sizes.element, said)),
    /** @param {readonly T[]} next */
    show(next) {
      rows = next
      go(0)
    },
    again: () => go(page),
  }
}
