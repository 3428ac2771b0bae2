import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'

export const PIPELINES = ['github', 'azure', 'gitlab', 'none'] as const

export type Pipeline = (typeof PIPELINES)[number]

/** Files of this package for pipelines, and their places in another repository. */
const SOURCES: Readonly<Record<Pipeline, Readonly<Record<string, string>>>> = {
  github: {
    '.github/workflows/entra-apps-check.yml': '.github/workflows/check.yml',
    '.github/workflows/entra-apps-deploy.yml': '.github/workflows/deploy.yml',
    '.github/workflows/entra-apps-rotate.yml': '.github/workflows/rotate.yml',
    '.github/actions/entra-apps/action.yml': 'action.yml',
  },
  azure: {
    '.azure-pipelines/entra-apps.yml': 'azure-pipelines.yml',
    '.azure-pipelines/entra-apps/stages.yml': '.azure-pipelines/stages.yml',
    '.azure-pipelines/entra-apps/set-up.yml': '.azure-pipelines/set-up.yml',
    '.azure-pipelines/entra-apps/command.yml': '.azure-pipelines/command.yml',
  },
  gitlab: { '.gitlab-ci.yml': 'templates/pipeline.yml' },
  none: {},
}

/** What names this repository's own files, and what stands there in a project that installs the package. */
const REPLACED: readonly (readonly [string, string])[] = [
  ['uses: ./\n', 'uses: ./.github/actions/entra-apps\n'],
  ['template: .azure-pipelines/', 'template: entra-apps/'],
  ["'infra/**', 'policy/**'", "'identities/**'"],
  ["'engine/go/*/go.mod', ", ''],
  [' docs/pipelines.md', ' node_modules/entra-apps/docs/pipelines.md'],
]

/** The files of a pipeline, by path. */
export function pipelineFiles(pipeline: Pipeline): Record<string, string> {
  const sources = Object.entries(SOURCES[pipeline])
  return Object.fromEntries(sources.map(([path, source]) => [path, adapted(source)]))
}

function adapted(source: string): string {
  const root = dirname(findPackageJSON(import.meta.url) as string)
  const own = withDefaults(readFileSync(join(root, source), 'utf8'))
  return REPLACED.reduce((soFar, [from, to]) => soFar.replaceAll(from, to), own)
}

/** A component of GitLab as a pipeline of its own: without its inputs, whose defaults take their places. */
function withDefaults(text: string): string {
  const [head = '', body] = text.split('\n---\n')
  if (body === undefined) return text
  const { spec } = parse(head) as { spec: { inputs: Record<string, { default: string }> } }
  return body.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => spec.inputs[name]?.default ?? '')
}
