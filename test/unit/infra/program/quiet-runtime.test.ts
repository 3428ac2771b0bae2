import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEBUG_VARIABLE, quietRuntime } from '../../../../infra/program/quiet-runtime.ts'

let format: typeof Error.prepareStackTrace
let sent: string[]
let runtime: { log: { debug: (message: string) => Promise<void> } }

beforeEach(() => {
  format = Error.prepareStackTrace
  Error.prepareStackTrace = (error) => `formatted ${error.message}`
  sent = []
  runtime = { log: { debug: async (message) => void sent.push(message) } }
})

afterEach(() => {
  Error.prepareStackTrace = format
})

const quiet = (env: NodeJS.ProcessEnv) => quietRuntime(runtime as never, env)

describe('quietRuntime', () => {
  it('sends no debug message', async () => {
    quiet({})
    await runtime.log.debug('registering a resource')
    expect(sent).toEqual([])
  })

  it('formats no frames of an error without a message, as the runtime makes one for each promise', () => {
    quiet({})
    expect(new Error().stack).toBe('Error')
    expect(new RangeError().stack).toBe('RangeError')
  })

  it('leaves the stack of every other error to the formatter that is there', () => {
    quiet({})
    expect(new Error('boom').stack).toBe('formatted boom')
  })

  it('formats as Node does where there is no other formatter', () => {
    Reflect.deleteProperty(Error, 'prepareStackTrace')
    quiet({})
    expect(new TypeError('boom').stack).toMatch(/^TypeError: boom\n {4}at .*quiet-runtime\.test\.ts:\d+:\d+/)
  })

  it(`changes nothing when ${DEBUG_VARIABLE} is set`, async () => {
    quiet({ [DEBUG_VARIABLE]: '1' })
    await runtime.log.debug('registering a resource')
    expect(sent).toEqual(['registering a resource'])
    expect(new Error().stack).toBe('formatted ')
  })
})
