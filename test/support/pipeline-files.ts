import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipelineFiles } from '../../scripts/init/pipelines.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')

/** Texts of pipeline files of a service by path: those of this repository, and those that `init` writes under `init/`. */
export function pipelineTexts(service: 'github' | 'azure' | 'gitlab'): Record<string, string> {
  const paths = globSync(OWN[service], { cwd: REPOSITORY })
  return Object.fromEntries([
    ...paths.map((path) => [path, readFileSync(join(REPOSITORY, path), 'utf8')]),
    ...Object.entries(pipelineFiles(service)).map(([path, text]) => [`init/${path}`, text]),
  ])
}

const OWN = {
  github: ['.github/workflows/*.yml', 'action.yml'],
  azure: ['azure-pipelines.yml', '.azure-pipelines/*.yml'],
  // The component of GitLab is read with its inputs.
  gitlab: [],
}
