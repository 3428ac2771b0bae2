import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { which } from '../../../engine/find.ts'

/** A machine of one's own for one test: a home, a PATH that holds nothing of the real machine's but shell utilities. */
export interface Sandbox {
  home: string
  cacheDir: string
  /** The only folder on PATH. */
  bin: string
  /** Without network, unless a test takes `ENTRA_APPS_OFFLINE` away. */
  env: NodeJS.ProcessEnv
  /** Writes an executable shell script and returns its path. `folder` defaults to `bin`. */
  tool: (name: string, script: string, folder?: string) => string
}

const UTILITIES = ['sh', 'cat', 'chmod', 'dirname', 'gzip', 'mkdir', 'sleep', 'tar', 'touch']

/** A fresh sandbox, removed when the running test ends. */
export function sandbox(): Sandbox {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'engine-test-')))
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))
  const bin = join(home, 'bin')
  mkdirSync(bin)
  for (const name of UTILITIES) {
    const real = which(name, process.env)
    if (real === undefined) throw new Error(`The tests need "${name}" on PATH`)
    symlinkSync(real, join(bin, name))
  }
  const tool = (name: string, script: string, folder = bin): string => {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    return file
  }
  const env = { HOME: home, PATH: bin, ENTRA_APPS_OFFLINE: '1' }
  return { home, cacheDir: join(home, 'cache'), bin, env, tool }
}
