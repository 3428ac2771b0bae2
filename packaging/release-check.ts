/** `npm run release-check -- <tag>`: what has to agree before a tag is published. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { releaseProblems } from './release-problems.ts'

const tag = process.argv[2] ?? ''
const changelog = readFileSync(resolve(import.meta.dirname, '../CHANGELOG.md'), 'utf8')
const problems = releaseProblems({ tag, manifest, changelog })
if (problems.length > 0) console.error(problems.join('\n'))
process.exitCode = problems.length > 0 ? 1 : 0
