import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { pulumiProgram } from '../../../engine/pins.ts'
import type { Sandbox } from '../../unit/engine/sandbox.ts'

/** A `go` whose builds take no time and yield shell scripts, with knobs for the tests. */
export interface FakeGo {
  /** The programs built so far. */
  builds: () => string[]
  /** From now on a build writes half a file and waits. */
  hold: () => void
  /** Lets held builds finish. */
  release: () => void
  /** Whether a held build was asked to end by SIGINT, which the real `go` needs to clean up after itself. */
  askedToEnd: () => boolean
  /** Waits until a build is held, and returns the process id of its `go`. */
  held: () => Promise<number>
}

/** Puts a fake `go` on the sandbox's PATH. `version` is what the built CLI answers. */
export function fakeGo(machine: Sandbox, version = pulumiProgram().version): FakeGo {
  const at = (name: string) => join(machine.home, name)
  machine.tool(
    'go',
    `case "$1" in
    env) printf 'go1.99.0\\nlocal\\n' ;;
    list) echo 'go: downloading example.com/one v1.0.0' >&2; printf 'internal/goarch\\n\\nexample.com/one\\n' ;;
    build)
      while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
      trap "touch '${at('asked')}'; exit 130" INT
      echo half > "$out"
      echo internal/goarch >&2
      echo $$ > '${at('go.pid')}'
      while [ -e '${at('hold')}' ]; do sleep 0.05; done
      echo "\${out##*/}" >> '${at('builds')}'
      printf '#!/bin/sh\\necho v${version}\\n' > "$out"
      chmod 755 "$out" ;;
    *) echo "unexpected: go $*" >&2; exit 2 ;;
    esac`,
  )
  return {
    builds: () => (existsSync(at('builds')) ? readFileSync(at('builds'), 'utf8').trim().split('\n') : []),
    hold: () => writeFileSync(at('hold'), ''),
    release: () => rmSync(at('hold'), { force: true }),
    askedToEnd: () => existsSync(at('asked')),
    held: () =>
      vi.waitUntil(() => existsSync(at('go.pid')) && Number(readFileSync(at('go.pid'), 'utf8')), {
        timeout: 20_000,
      }),
  }
}

/** What lies in the engine folder of a sandbox's cache, lock files aside. */
export function engineFolder(machine: Sandbox): string[] {
  return readdirSync(join(machine.cacheDir, 'engine')).filter((name) => !name.endsWith('.lock'))
}
