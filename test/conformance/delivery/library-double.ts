import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** Token that the double takes. */
export const LIBRARY_TOKEN = 'token-of-the-double'

interface Variable {
  readonly value: string | null
  readonly isSecret?: boolean
}

interface Group {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly variables: Readonly<Record<string, Variable>>
  readonly variableGroupProjectReferences: readonly unknown[]
}

/** Variable groups of Azure DevOps: as much of the protocol as delivery uses, as its reference and public reports tell. */
export interface LibraryDouble {
  readonly url: string
  /** With the values of secret variables. */
  readonly groups: Map<number, Group>
  close(): Promise<void>
}

export async function openLibraryDouble(given: readonly Group[]): Promise<LibraryDouble> {
  const groups = new Map(given.map((group) => [group.id, group]))
  const server = createServer(async (request, response) => {
    const send = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body))
    const body = request.method === 'PUT' ? ((await json(request)) as Omit<Group, 'id'>) : undefined
    if (request.headers.authorization !== `Bearer ${LIBRARY_TOKEN}`) {
      return response.writeHead(203, { 'content-type': 'text/html' }).end('<html>Sign in</html>')
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const found = groups.get(Number(pathname.split('/').at(-1)))
    if (!body && pathname === '/Files/_apis/distributedtask/variablegroups') {
      const named = [...groups.values()].filter(({ name }) => name === searchParams.get('groupName'))
      const value = named.map((group) => ({ ...shown(group), variableGroupProjectReferences: null }))
      return send(200, { count: value.length, value })
    }
    if (!found) return send(404, { message: 'no such group' })
    if (!body) return send(200, shown(found))
    if (!(body.variableGroupProjectReferences?.length > 0)) {
      return send(401, { message: 'Project information name is not valid for variable group.' })
    }
    groups.set(found.id, { ...found, ...body, variables: replaced(found.variables, body.variables) })
    return send(200, shown(found))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    groups,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Secret values are never shown. */
function shown(group: Group): Group {
  const variables = Object.entries(group.variables).map(([name, { value, isSecret }]): [string, Variable] => [
    name,
    isSecret ? { value: null, isSecret } : { value },
  ])
  return { ...group, variables: Object.fromEntries(variables) }
}

/** What is not sent goes; a secret that is sent without a value stays. */
function replaced(before: Group['variables'], sent: Group['variables']): Group['variables'] {
  const variables = Object.entries(sent).map(([name, { value, isSecret }]): [string, Variable] => {
    const kept = isSecret && value === null ? (before[name]?.value ?? null) : value
    return [name, isSecret ? { value: kept, isSecret } : { value: kept }]
  })
  return Object.fromEntries(variables)
}
