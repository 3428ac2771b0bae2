import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { readLines } from '../../../../scripts/lib/lines.ts'
import { processTerminal } from '../../../../scripts/lib/terminal.ts'

/** A stream of the process that keeps what is written. */
function stream(isTTY = false) {
  const written: string[] = []
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) }
}

function open(isTTY = false) {
  const [out, err] = [stream(isTTY), stream(isTTY)]
  const terminal = processTerminal(out as never, err as never)
  return { terminal, shown: () => [...out.written, ...err.written].join('') }
}

const HOSTILE = '##vso[task.setvariable variable=x]\n::error::\u001b[2J\u202e'

describe('every way out of the terminal', () => {
  it.each(['print', 'note', 'status'] as const)('%s shows no secret and no command', (way) => {
    const { terminal, shown } = open(true)
    terminal.mask.add('s3cret~value')
    terminal[way]?.(`s3cret~value ${Buffer.from('user:s3cret~value').toString('base64')} ${HOSTILE}`)
    expect(shown()).toMatch(/\*\*\* \*\*\*/)
    expect(shown()).not.toMatch(/s3cret|##vso|^::|\u202e/m)
    expect(shown().replaceAll('\r\u001b[2K', '')).not.toContain('\u001b')
  })

  it('commands of ours are commands, without secrets', () => {
    const { terminal, shown } = open()
    terminal.mask.add('s3cret~value')
    terminal.command('##vso[task.logissue type=error]s3cret~value')
    expect(shown()).toBe('##vso[task.logissue type=error]***\n')
  })

  it('knows a secret from the moment it is told', () => {
    const { terminal, shown } = open()
    const { print, mask } = terminal
    mask.add('s3cret~value')
    print('s3cret~value')
    expect(shown()).toBe('***\n')
  })
})

it('prints no faster than somebody reads', async () => {
  const out = new PassThrough({ highWaterMark: 100 })
  let made = 0
  function* pieces() {
    for (; made < 1000; made++) yield 'x'.repeat(50)
  }
  const printing = processTerminal(out as never, stream() as never).printAll(pieces())
  await setImmediate()
  expect(made).toBeLessThan(10)
  const [printed] = await Promise.all([text(out), printing.then(() => out.end())])
  expect(printed.split('\n')).toHaveLength(1001)
})

it('reads what a child says line by line, however it arrives', async () => {
  const lines: string[] = []
  const all = await readLines(Readable.from(['a s3cr', 'et\r\nb', '\n\nlast']), (line) => lines.push(line))
  expect(lines).toEqual(['a s3cret', 'b', '', 'last'])
  expect(all).toBe('a s3cret\r\nb\n\nlast')
})

it('prints no further when nobody reads any more', async () => {
  const out = new PassThrough({ highWaterMark: 10 })
  const pieces = function* () {
    for (;;) yield 'a piece that fills it'
  }
  const printing = processTerminal(out as never, stream() as never).printAll(pieces())
  out.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await expect(printing).resolves.toBeUndefined()
})
