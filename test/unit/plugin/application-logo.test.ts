import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../plugin/client/configuration.ts'
import { Graph } from '../../../plugin/client/graph.ts'
import { Session } from '../../../plugin/client/session.ts'
import { logoImage, uploadLogo } from '../../../plugin/resources/application-logo.ts'
import { ENV, ScriptedDirectory } from './directory.ts'

const base64 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64')
const GIF = base64('GIF89a....')

describe('a logo', () => {
  it.each([
    ['GIF', GIF],
    ['old GIF', base64('GIF87a..')],
    ['PNG', base64('\x89PNG\r\n\x1a\n..')],
    ['JPEG', base64('\xff\xd8\xff\xe0..')],
    ['nothing', ''],
  ])('may be %s', (_, image) => {
    expect(logoImage(image)).toBeUndefined()
  })

  it.each([
    ['a BMP', base64('BM......'), /GIF, JPEG or PNG/],
    ['an SVG', base64('<svg/>'), /GIF, JPEG or PNG/],
    ['no base64', 'logo.png', /must be base64/],
    ['base64 that is cut off', GIF.slice(0, -1), /must be base64/],
  ])('may not be %s', (_, image, reason) => {
    expect(logoImage(image)).toMatch(reason)
  })

  it('is sent as what it is, and an empty one not at all', async () => {
    const directory = new ScriptedDirectory({ status: 204 })
    const types: unknown[] = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (init?.method === 'PUT') types.push(new Headers(init.headers).get('content-type'), init.body)
      return directory.options.fetch(input, init)
    }
    const session = await Session.open(readConfiguration({}, ENV)!, { fetch })
    const graph = new Graph(session, { ...directory.options, fetch })
    await uploadLogo(graph, '/applications/a', GIF)
    await uploadLogo(graph, '/applications/a', '')
    expect(directory.requests).toEqual(['PUT /v1.0/applications/a/logo'])
    expect(types).toEqual(['image/gif', Uint8Array.from(Buffer.from(GIF, 'base64'))])
  })
})
