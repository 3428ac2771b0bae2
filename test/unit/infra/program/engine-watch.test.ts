import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { REPOSITORY, run } from '../../../support/stage.ts'

it('ends a program whose engine is gone, and not before', async () => {
  const engine = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(engine, 'listening')
  const { port } = engine.address() as { port: number }
  let looks = 0
  const program = `
    const { endWithEngine } = await import(${JSON.stringify(join(REPOSITORY, 'infra/program/engine-watch.ts'))})
    endWithEngine('127.0.0.1:${port}', 20)
    setInterval(() => {}, 1000) // what would go on for ever`
  engine.on('connection', () => {
    looks++
    if (looks === 3) engine.close()
  })
  const ended = await run(process.execPath, ['--input-type=module', '-e', program])
  expect(ended).toMatchObject({ code: 1, stderr: '' })
  expect(looks).toBeGreaterThanOrEqual(3)
})
