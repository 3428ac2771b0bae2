import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { asInvoked } from '../../lib/invocation.ts'
import { readTemplate } from './templates.ts'

export const PIPELINES = ['github', 'azure', 'gitlab', 'none'] as const

export type Pipeline = (typeof PIPELINES)[number]

/** The files of this repository's own pipelines, which are published, and their places in another repository. */
const SOURCES: Readonly<Record<'github' | 'azure', Readonly<Record<string, string>>>> = {
  github: {
    '.github/workflows/entra-apps-check.yml': '.github/workflows/check.yml',
    '.github/workflows/entra-apps-deploy.yml': '.github/workflows/deploy.yml',
    '.github/workflows/entra-apps-rotate.yml': '.github/workflows/rotate.yml',
    '.github/actions/entra-apps/action.yml': '.github/actions/set-up/action.yml',
  },
  azure: {
    '.azure-pipelines/entra-apps.yml': 'azure-pipelines.yml',
    '.azure-pipelines/entra-apps-set-up.yml': '.azure-pipelines/set-up.yml',
    '.azure-pipelines/entra-apps-command.yml': '.azure-pipelines/command.yml',
  },
}

/** What names this repository's own files and scripts, and what stands there in a project that installs the package. */
const REPLACED: readonly (readonly [string, string])[] = [
  ['npm run -s entra-apps -- ', 'npx entra-apps '],
  ['./.github/actions/set-up', './.github/actions/entra-apps'],
  ['template: .azure-pipelines/', 'template: entra-apps-'],
  ["'infra/**', 'policy/**'", "'identities/**'"],
  ["'engine/go/*/go.mod', ", ''],
  [' | engine/go/*/go.mod', ''],
  ['docs/pipelines.md', 'node_modules/entra-apps/docs/pipelines.md'],
]

/** The files of a pipeline, by path. */
export function pipelineFiles(pipeline: Pipeline): Record<string, string> {
  if (pipeline === 'none') return {}
  if (pipeline === 'gitlab') return { '.gitlab-ci.yml': readTemplate('gitlab-ci.yml') }
  const sources = Object.entries(SOURCES[pipeline])
  return Object.fromEntries(sources.map(([path, source]) => [path, adapted(source)]))
}

function adapted(source: string): string {
  const root = dirname(findPackageJSON(import.meta.url) as string)
  const own = readFileSync(join(root, source), 'utf8')
  const text = REPLACED.reduce((soFar, [from, to]) => soFar.replaceAll(from, to), own)
  return asInvoked(text, `${basename(source)}.js`)
}
