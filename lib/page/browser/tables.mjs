import { el } from './dom.mjs'

/** Texts in the order of people, numbers in them by their value. */
const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const tables = [...document.querySelectorAll('table')].filter((table) => table.tHead && table.tBodies[0])
for (const table of tables) makeSortable(table)
if (tables.length > 0) addSearch()

/** The heads become buttons that sort the rows; what is empty comes last. @param {HTMLTableElement} table */
function makeSortable(table) {
  const body = table.tBodies[0]
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])]
  for (const [column, head] of heads.entries()) {
    const title = head.textContent ?? ''
    const arrow = el('span', { 'aria-hidden': 'true' })
    const click = () => {
      const descending = head.getAttribute('aria-sort') === 'ascending'
      for (const each of heads) each.removeAttribute('aria-sort')
      for (const each of table.tHead?.querySelectorAll('button span') ?? []) each.textContent = ''
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
      arrow.textContent = descending ? ' ↓' : ' ↑'
      const rows = [...(body?.rows ?? [])].map((row) => ({ row, key: textOf(row.cells[column]) }))
      rows.sort(
        (a, b) =>
          Number(a.key === '') - Number(b.key === '') || order.compare(a.key, b.key) * (descending ? -1 : 1),
      )
      body?.append(...rows.map(({ row }) => row))
    }
    head.replaceChildren(el('button', { type: 'button', click }, title, arrow))
  }
}

/** A field before the tables: rows stay that have every word of it. */
function addSearch() {
  const rows = tables.flatMap((table) => [...(table.tBodies[0]?.rows ?? [])])
  const said = el('span', { role: 'status' })
  const search = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' })
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    for (const row of rows) {
      const text = textOf(row).toLowerCase()
      row.hidden = !words.every((word) => text.includes(word))
    }
    const shown = rows.filter(({ hidden }) => !hidden).length
    said.textContent = words.length === 0 ? '' : `${shown} of ${rows.length} rows`
  })
  const label = el('label', { class: 'search' }, 'Search all tables', search)
  const field = el('div', { class: 'filters', role: 'search' }, label, said)
  const first = tables[0]?.closest('section') ?? tables[0]?.parentElement
  first?.before(field)
}

/** @param {Element | undefined} element */
function textOf(element) {
  return (element?.textContent ?? '').trim()
}
