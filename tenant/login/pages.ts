import { html, Markup } from '../../lib/page/html.ts'
import type { Entity } from '../store/entity.ts'

/** Nothing is loaded and nothing runs; forms may go anywhere, since they end at the application's own address. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** The page on which a person chooses who to be. Passwords mean nothing in a rehearsal, so none is asked for. */
export function signInPage(page: {
  readonly tenantName: string
  readonly clientName: string
  /** Where the choice is posted to. */
  readonly action: string
  readonly users: readonly Entity[]
}): string {
  const users = page.users.map(
    ({ id, data }) => html`
      <li><button name="user" value="${id}">
        <strong>${String(data['displayName'])}</strong><span>${String(data['userPrincipalName'])}</span>
      </button></li>`,
  )
  return frame(
    `Sign in to ${page.tenantName}`,
    html`<p>to continue to <strong>${page.clientName}</strong></p>
    <form method="post" action="${page.action}">
      <ul>${users}</ul>
      <p class="end"><button name="cancel" value="1">Cancel</button></p>
    </form>
    <p class="note">Local tenant: nobody is asked for a password.</p>`,
  )
}

/** The page for a refusal that cannot go back to the application. */
export function errorPage(description: string): string {
  const [text = '', ...ids] = description.split('\r\n')
  return frame(
    'Sign in',
    html`<p>Sorry, but we’re having trouble signing you in.</p>
    <p class="refusal">${text}</p>
    <p class="note">${ids.map((line) => html`${line}<br>`)}</p>`,
  )
}

/** The page whose form carries the answer to the application, for `response_mode=form_post` without scripts. */
export function formPostPage(redirectUri: string, fields: URLSearchParams): string {
  const inputs = [...fields].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return frame(
    'Signed in',
    html`<form method="post" action="${redirectUri}">${inputs}
      <p class="end"><button>Continue</button></p>
    </form>`,
  )
}

/** The page after signing out. */
export function signedOutPage(): string {
  return frame('Signed out', html`<p>You signed out of your account.</p>`)
}

const STYLE = new Markup(`
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
  main { width: min(27rem, calc(100vw - 4rem)); padding: 2rem; border: 1px solid GrayText; border-radius: .5rem; }
  h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
  ul { list-style: none; margin: 1.5rem 0; padding: 0; display: grid; gap: .5rem; }
  button { font: inherit; padding: .6rem 1rem; border-radius: .3rem; border: 1px solid GrayText; cursor: pointer;
    background: ButtonFace; color: ButtonText; }
  li button { width: 100%; text-align: start; display: grid; }
  button:hover, button:focus-visible { outline: 2px solid Highlight; }
  .end { text-align: end; }
  .note, li span { color: color-mix(in srgb, currentcolor 75%, Canvas); font-size: .875rem; }
  .refusal { overflow-wrap: anywhere; }
`)

function frame(title: string, content: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <style>${STYLE}</style>
</head>
<body>
  <main>
    <h1>${title}</h1>
    ${content}
  </main>
</body>
</html>
`.text
}
