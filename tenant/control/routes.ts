import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { TenantControl } from './control.ts'
import { ControlError } from './errors.ts'
import { readInput, readYaml } from './input.ts'
import { carriesKey } from './key.ts'
import { clockSchema } from './script.ts'

/** Everything under it is the tenant's own, not the real service's. */
const CONTROL_PREFIX = '/_control'

const requestQuerySchema = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  status: z
    .string()
    .regex(/^[\dx]{1,3}$/i, 'has to be a status such as 429, or a class such as 4xx')
    .optional(),
  caller: z.string().optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).optional(),
})

/** Serves control over HTTP, as JSON (or YAML, where one sends it), to whoever has the key. */
export function registerControl(server: FastifyInstance, control: TenantControl, key: string): void {
  server.register(
    async (scope) => {
      admit(scope, key)
      acceptYaml(scope)
      refuse(scope)
      addRoutes(scope, control)
      addSnapshotRoutes(scope, control)
    },
    { prefix: CONTROL_PREFIX },
  )
}

function admit(scope: FastifyInstance, key: string): void {
  scope.addHook('onRequest', async (request, reply) => {
    if (carriesKey(request.headers.authorization, key)) return
    reply.status(401).header('www-authenticate', 'Bearer realm="control"')
    const rule = "Control needs the key from the file 'control-key' in the data directory, as a bearer token."
    return reply.send(body('UNAUTHORIZED', rule))
  })
}

function acceptYaml(scope: FastifyInstance): void {
  const type = /^(application|text)\/(x-)?yaml/
  scope.addContentTypeParser(type, { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, readYaml(String(text), 'the YAML'))
    } catch (error) {
      done(error as Error)
    }
  })
}

function refuse(scope: FastifyInstance): void {
  scope.setErrorHandler(async (error: Error, _request, reply) => {
    if (error instanceof ControlError) {
      const status = error.code === 'SNAPSHOT_UNKNOWN' ? 404 : 400
      return reply.status(status).send(body(error.code, error.message))
    }
    if (!('status' in error) || error.status !== 400) throw error
    return reply.status(400).send(body('CONTROL_INPUT', error.message))
  })
  scope.setNotFoundHandler(async (_request, reply) =>
    reply
      .status(404)
      .send(body('NOT_FOUND', `Control has no such address: GET ${CONTROL_PREFIX} lists what there is.`)),
  )
}

function addRoutes(scope: FastifyInstance, control: TenantControl): void {
  scope.get('/', async () => ({ ...state(control), addresses: CONTROL_ADDRESSES }))
  scope.get('/clock', async () => state(control).clock)
  scope.put('/clock', async (request) => {
    const { advance, set } = readInput(clockSchema, request.body, 'the order to the clock')
    if (set !== undefined) control.clock.set(new Date(set))
    if (advance !== undefined) control.clock.advance(advance)
    return state(control).clock
  })
  scope.get('/lag', async () => control.lag())
  scope.put('/lag', async (request) => {
    control.setLag(request.body as never)
    return control.lag()
  })
  scope.get('/faults', async () => ({ faults: control.faults() }))
  scope.post('/faults', async (request, reply) =>
    reply.status(201).send({ id: control.addFault(request.body as never) }),
  )
  scope.delete('/faults', async (_request, reply) => {
    control.clearFaults()
    return reply.status(204).send()
  })
  scope.delete<{ Params: { id: string } }>('/faults/:id', async (request, reply) => {
    if (control.removeFault(request.params.id)) return reply.status(204).send()
    return reply.status(404).send(body('NOT_FOUND', `There is no fault '${request.params.id}'.`))
  })
  scope.put('/script', async (request) => {
    control.run(request.body as never)
    return state(control)
  })
  scope.post('/seed', async (request) => ({ added: control.seed(request.body as never) }))
  scope.post('/signing-key/rotate', async () => ({ kid: await control.rotateSigningKey() }))
  scope.get('/requests', async (request) => {
    const query = readInput(requestQuerySchema, request.query, 'the query')
    return { requests: control.requests(query as never) }
  })
}

function addSnapshotRoutes(scope: FastifyInstance, control: TenantControl): void {
  interface Named {
    Params: { name: string }
  }
  const { snapshots } = control
  scope.get('/snapshots', async () => ({ snapshots: snapshots.list() }))
  scope.put<Named>('/snapshots/:name', async (request, reply) => {
    snapshots.save(request.params.name)
    return reply.status(204).send()
  })
  scope.post<Named>('/snapshots/:name/restore', async (request, reply) => {
    snapshots.restore(request.params.name)
    return reply.status(204).send()
  })
  scope.delete<Named>('/snapshots/:name', async (request, reply) => {
    snapshots.remove(request.params.name)
    return reply.status(204).send()
  })
}

/** What control serves, for people. */
export const CONTROL_ADDRESSES: readonly string[] = [
  'GET, PUT /_control/clock',
  'GET, PUT /_control/lag',
  'GET, POST, DELETE /_control/faults',
  'DELETE /_control/faults/{id}',
  'PUT /_control/script',
  'POST /_control/seed',
  'POST /_control/signing-key/rotate',
  'GET /_control/requests?method=&path=&status=&caller=&since=&limit=',
  'GET /_control/snapshots',
  'PUT, DELETE /_control/snapshots/{name}',
  'POST /_control/snapshots/{name}/restore',
]

function state(control: TenantControl) {
  return {
    clock: { now: control.clock.now().toISOString() },
    lag: control.lag(),
    faults: control.faults(),
    snapshots: control.snapshots.list(),
  }
}

function body(code: string, message: string) {
  return { error: { code, message } }
}
