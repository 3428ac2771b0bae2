import type { FastifyInstance } from 'fastify'
import type { SignIns } from '../audit/sign-ins.ts'
import type { TenantControl } from '../control/control.ts'
import type { Directory } from '../directory/directory.ts'
import { overviewOf } from './overview.ts'
import { renderPage } from './page.ts'

/** What the page is read from. */
export interface PageParts {
  readonly directory: Directory
  readonly control: TenantControl
  readonly signIns: SignIns
}

/** Nothing is loaded, nothing runs, nothing is kept. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** Names that this machine goes by for itself; a page on another name must not read this one through it. */
const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Serves the page to look at, on `/`, to this machine alone. */
export function registerPage(server: FastifyInstance, { directory, control, signIns }: PageParts): void {
  server.get('/', async (request, reply) => {
    if (!LOCAL_NAMES.has(request.hostname)) return reply.callNotFound()
    signIns.flush()
    return reply.headers(HEADERS).send(renderPage(overviewOf(directory, control)))
  })
}
