import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { html, Markup } from './html.ts'
import { PAGE_STYLE } from './style.ts'

/** What one page differs from another in. */
export interface PageParts {
  readonly title: string
  /** What stands in the body, before its script. */
  readonly body: Markup
  /** Beside the common style. */
  readonly style?: string
  /** Modules that run in the browser, each after those that it imports. */
  readonly modules: readonly URL[]
  /** For the modules, as JSON in the element `data`. */
  readonly data?: unknown
}

/** A page and the policy that a server sends along with it. */
export interface PageDocument {
  readonly text: string
  readonly contentSecurityPolicy: string
}

/** The module that sorts and searches the tables of a page, after those that it imports. */
export const TABLES: readonly URL[] = ['dom', 'tables'].map(
  (name) => new URL(`browser/${name}.mjs`, import.meta.url),
)

/**
 * One HTML page that needs nothing else: it loads nothing, whatever names are on it are text, and nothing but its own
 * script may run.
 */
export function renderDocument({ title, body, style = '', modules, data }: PageParts): PageDocument {
  const script = modules.map(moduleText).join('\n')
  const styles = PAGE_STYLE + style
  const contentSecurityPolicy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(styles)}; base-uri 'none'; form-action 'none'`
  const json = html`<script type="application/json" id="data">${new Markup(inScript(data))}</script>`
  const { text } = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
  <title>${title}</title>
  <style>${new Markup(styles)}</style>
</head>
<body>
  ${body}
  ${data === undefined ? '' : json}
  <script>${new Markup(script)}</script>
</body>
</html>
`
  return { text, contentSecurityPolicy }
}

/** JSON that cannot end the element that it is in, nor begin another. */
function inScript(value: unknown): string {
  return JSON.stringify(value ?? null).replaceAll('<', '\\u003c')
}

/** A module without its imports and exports: all of them are one script, since modules cannot be loaded from a file. */
function moduleText(module: URL): string {
  return readFileSync(module, 'utf8')
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^export /gm, '')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
