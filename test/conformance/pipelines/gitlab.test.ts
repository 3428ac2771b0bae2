import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { pipelineTexts } from '../../support/pipeline-files.ts'

const run = promisify(execFile)
const COMMAND = join(dirname(findPackageJSON('gitlab-ci-local', import.meta.url) ?? ''), 'dist/index.js')

/** The jobs that gitlab-ci-local reads from a pipeline, which it holds to GitLab's own JSON schema. */
async function jobsOf(text: string, variables: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gitlab-'))
  try {
    await writeFile(join(folder, '.gitlab-ci.yml'), text)
    await run('git', ['init', '--quiet', '--initial-branch=main', folder])
    await run('git', ['-C', folder, 'remote', 'add', 'origin', 'https://gitlab.example/contoso/files.git'])
    const given = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`])
    const { stdout } = await run(process.execPath, [COMMAND, '--list-json', ...given], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
    })
    return (JSON.parse(stdout.slice(stdout.search(/^\[$/m))) as { name: string; when: string }[])
      .filter(({ when }) => when !== 'never')
      .map(({ name }) => name)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const [[, pipeline = ''] = []] = Object.entries(pipelineTexts('gitlab'))

it.each([
  ['before it is set up', { CI_COMMIT_BRANCH: 'main', CI_PIPELINE_SOURCE: 'push' }, ['check']],
  [
    'of what is merged',
    { CI_COMMIT_BRANCH: 'main', CI_PIPELINE_SOURCE: 'push', ENTRA_STACK: 'prod' },
    ['check', 'preview', 'deploy'],
  ],
  ['at night', { CI_COMMIT_BRANCH: 'main', CI_PIPELINE_SOURCE: 'schedule', ENTRA_STACK: 'prod' }, ['rotate']],
])('GitLab accepts the pipeline %s', async (_, variables, jobs) => {
  expect(await jobsOf(pipeline, { CI_DEFAULT_BRANCH: 'main', ...variables })).toEqual(jobs)
})

it('finds what is wrong', async () => {
  await expect(jobsOf(pipeline.replace('script:', 'scripts:'), {})).rejects.toThrow(/script/)
})
