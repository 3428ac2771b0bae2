import { type Graph, notYetVisible } from '../client/graph.ts'
import type { Rule } from '../schema/property.ts'

/** The images that Graph takes as a logo (Microsoft Graph: application resource type, property `logo`), by their first bytes. */
const IMAGES: readonly (readonly [type: string, start: string])[] = [
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/png', '\x89PNG\r\n\x1a\n'],
]

/** A `logoImage`: base64 of a GIF, JPEG or PNG. */
export const logoImage: Rule = (value) => {
  if (!/^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i.test(value)) return 'must be base64'
  return value === '' || mediaType(bytesOf(value)) !== undefined
    ? undefined
    : 'must be a GIF, JPEG or PNG image in base64'
}

/** Sets the logo. An empty one is not sent: Graph cannot take a logo away again. */
export async function uploadLogo(graph: Graph, path: string, image: string): Promise<void> {
  const content = bytesOf(image)
  const type = mediaType(content)
  if (type === undefined) return
  await graph.put(`${path}/logo`, { content, type }, { retryWhen: notYetVisible })
}

function bytesOf(image: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(image, 'base64'))
}

function mediaType(image: Uint8Array): string | undefined {
  const start = Buffer.from(image.subarray(0, 8)).toString('latin1')
  return IMAGES.find(([, magic]) => start.startsWith(magic))?.[0]
}
