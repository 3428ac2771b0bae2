import type { FastifyInstance, FastifyReply } from 'fastify'
import type { PageDocument } from '../../lib/page/document.ts'
import type { SignIns } from '../audit/sign-ins.ts'
import type { TenantControl } from '../control/control.ts'
import type { Directory } from '../directory/directory.ts'
import { applicationView } from './application.ts'
import { renderApplication } from './application-page.ts'
import { overviewOf } from './overview.ts'
import { renderPage } from './page.ts'

/** What the page is read from. */
export interface PageParts {
  readonly directory: Directory
  readonly control: TenantControl
  readonly signIns: SignIns
}

/** Nothing is loaded, nothing is kept. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** Names that this machine goes by for itself; a page on another name must not read this one through it. */
const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Serves the pages to look at, the tenant on `/` and each application, to this machine alone. */
export function registerPage(server: FastifyInstance, { directory, control, signIns }: PageParts): void {
  const answer = (reply: FastifyReply, { text, contentSecurityPolicy }: PageDocument) =>
    reply
      .headers({ ...HEADERS, 'content-security-policy': `${contentSecurityPolicy}; frame-ancestors 'none'` })
      .send(text)
  server.get('/', async (request, reply) => {
    if (!LOCAL_NAMES.has(request.hostname)) return reply.callNotFound()
    signIns.flush()
    return answer(reply, renderPage(overviewOf(directory, control)))
  })
  server.get<{ Params: { appId: string } }>('/applications/:appId', async (request, reply) => {
    if (!LOCAL_NAMES.has(request.hostname)) return reply.callNotFound()
    signIns.flush()
    const view = applicationView(directory, control, request.params.appId)
    return view === undefined ? reply.callNotFound() : answer(reply, renderApplication(view))
  })
}
