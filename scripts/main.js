#!/usr/bin/env node
// Plain JavaScript on purpose: an old Node must get as far as the sentence that says so.
import { requireNode } from '../engine/node-version.js'

requireNode(import.meta.url)

const { keepCompiledModules } = await import('./compile-cache.ts')
keepCompiledModules(process.env)

const { main } = await import('./cli.ts')
process.exitCode = await main(process.argv)
