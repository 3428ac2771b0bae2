import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { isCompiled } from '../../../engine/node-version.js'
import manifest from '../../../package.json' with { type: 'json' }

const REPOSITORY = resolve(import.meta.dirname, '../../..')

/** The source that a file of `dist/` is compiled from. */
function sourceOf(file: string): string | undefined {
  const base = file.replace(/^(\.\/)?dist\//, '').replace(/(\.d\.ts|\.js)$/, '')
  return [`${base}.ts`, `${base}.js`].find((source) => existsSync(join(REPOSITORY, source)))
}

const { exports, bin, sideEffects, main, types } = manifest
const targets = [exports['.'], exports['./program']].flatMap((each) => Object.values(each))

it.each([main, types, ...targets, ...Object.values(bin), ...sideEffects])(
  '%s, named by package.json, has a source',
  (file) => {
    expect(sourceOf(file)).toBeDefined()
  },
)

it.each([exports['./program'].default, bin['entra-apps']])(
  '%s needs no TypeScript support of Node',
  (file) => {
    const installed = new URL(file, 'file:///project/node_modules/entra-apps/')
    expect(isCompiled(installed.href)).toBe(true)
    expect(isCompiled(installed.href.replace('/dist/', '/'))).toBe(false)
  },
)
