/** @typedef {Readonly<Record<string, string | boolean | ((event: Event) => void)>>} Attributes */
/** @typedef {string | Node} Child */

const SVG = 'http://www.w3.org/2000/svg'

/**
 * An element with attributes, listeners (functions, by the name of their event) and children; text stays text.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  set(element, attributes)
  element.append(...children)
  return element
}

/**
 * The same for SVG.
 *
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag)
  set(element, attributes)
  element.append(...children)
  return element
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false) element.setAttribute(name, value)
  }
}

/**
 * A section of the page: its heading, and what is drawn anew below it.
 *
 * @param {string} id
 * @param {string} title
 */
export function section(id, title) {
  const body = el('div')
  const heading = el('h2', { id: `${id}-title` }, title)
  return { body, element: el('section', { id, 'aria-labelledby': `${id}-title` }, heading, body) }
}

/**
 * A table that scrolls sideways, also by keyboard.
 *
 * @param {string} label
 * @param {readonly Child[]} head cells
 * @param {readonly Node[]} rows
 */
export function table(label, head, rows) {
  const table = el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows))
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, table)
}

/**
 * A choice of values.
 *
 * @param {string} label
 * @param {readonly (readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} onChange
 */
export function choice(label, options, onChange) {
  const select = el(
    'select',
    { change: () => onChange(select.value) },
    ...options.map(([value, text]) => el('option', { value }, text)),
  )
  return { select, element: el('label', {}, label, select) }
}
