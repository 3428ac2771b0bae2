import { escapeHtml } from '../escape.ts'

/** Text that is safe to write as it is: markup made by `html`. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Insert = string | Markup | readonly Markup[]

/** Markup from a template; whatever is inserted is escaped, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  const text = parts.reduce((so, part, index) => so + render(inserts[index - 1] ?? '') + part)
  return new Markup(text)
}

function render(insert: Insert): string {
  if (typeof insert === 'string') return escapeHtml(insert)
  return insert instanceof Markup ? insert.text : insert.map((each) => each.text).join('')
}
