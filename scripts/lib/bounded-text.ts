/** Longest body that is read of any answer, in bytes; a page of Graph's longest lists has a few MB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** An answer is longer than anything that is read here. */
export class BodyTooLong extends Error {
  readonly code = 'BODY_TOO_LONG'

  constructor(limit: number) {
    super(`the answer is longer than ${limit} bytes`)
    this.name = 'BodyTooLong'
  }
}

/**
 * The body of an answer as text, however much the other side sends.
 *
 * @param limit in bytes
 * @throws BodyTooLong
 */
export async function boundedText(response: Response, limit = MAX_BODY_BYTES): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream, so that nothing more is fetched.
    if (size > limit) throw new BodyTooLong(limit)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
