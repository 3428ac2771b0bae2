import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parse } from 'yaml'
import { renderMatrix } from '../../../scripts/fleet/matrix.ts'
import { pipelineTexts } from '../../support/pipeline-files.ts'
import { REPOSITORY } from '../../support/stage.ts'

const run = promisify(execFile)
const COMMAND = join(dirname(findPackageJSON('gitlab-ci-local', import.meta.url) ?? ''), 'dist/index.js')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitlab-'))
  await run('git', ['init', '--quiet', '--initial-branch=main', folder])
  await run('git', ['-C', folder, 'remote', 'add', 'origin', 'https://gitlab.example/contoso/files.git'])
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs gitlab-ci-local, which holds the pipeline to GitLab's own JSON schema. */
async function gitlab(...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: folder }
  return (await run(process.execPath, [COMMAND, ...args], { cwd: folder, env })).stdout
}

/** The jobs of a pipeline that would run. */
async function jobsOf(text: string, variables: Readonly<Record<string, string>>): Promise<string[]> {
  await writeFile(join(folder, '.gitlab-ci.yml'), text)
  const given = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`])
  const printed = await gitlab('--list-json', ...given)
  const jobs: { name: string; when: string }[] = JSON.parse(printed.slice(printed.search(/^\[$/m)))
  return jobs.filter(({ when }) => when !== 'never').map(({ name }) => name)
}

const [[, pipeline = ''] = []] = Object.entries(pipelineTexts('gitlab'))

const MERGED = { CI_COMMIT_BRANCH: 'main', CI_PIPELINE_SOURCE: 'push' }
const NIGHT = { CI_COMMIT_BRANCH: 'main', CI_PIPELINE_SOURCE: 'schedule' }

it.each([
  ['before it is set up', MERGED, ['check']],
  ['of what is merged', { ...MERGED, ENTRA_STACK: 'prod' }, ['check', 'preview', 'deploy']],
  ['at night', { ...NIGHT, ENTRA_STACK: 'prod' }, ['rotate']],
])('GitLab accepts the pipeline that init writes, %s', async (_, variables, jobs) => {
  const found = await jobsOf(pipeline, { CI_DEFAULT_BRANCH: 'main', ...variables })
  expect(found).toEqual(jobs.map((job) => `entra-apps-${job}`))
})

it.each([
  ['of what is merged', MERGED, ['plan-stacks', 'deploy-stacks']],
  ['at night', NIGHT, ['plan-stacks', 'rotate-stacks']],
])('GitLab accepts the pipeline for many stacks, %s', async (_, variables, jobs) => {
  await cp(join(REPOSITORY, '.gitlab'), join(folder, '.gitlab'), { recursive: true })
  await run('git', ['-C', folder, 'add', '.'])
  const include = 'include: [{ local: .gitlab/entra-fleet.yml }]'
  const given = { CI_DEFAULT_BRANCH: 'main', ENTRA_STACKS: '*', ...variables }
  expect(await jobsOf(include, given)).toEqual(jobs)
})

it('GitLab accepts the child pipeline, a job for each stack', async () => {
  await cp(join(REPOSITORY, '.gitlab'), join(folder, '.gitlab'), { recursive: true })
  await run('git', ['-C', folder, 'add', '.'])
  const stacks = ['eu', 'us'].map((stack) => ({ label: stack, stack, project: '.' }))
  const jobs = await jobsOf(renderMatrix('gitlab', stacks), {})
  expect(jobs.sort()).toEqual(['stack: [eu,.]', 'stack: [us,.]', 'summary'])
})

it('finds what is wrong', async () => {
  await expect(jobsOf(pipeline.replace('script:', 'scripts:'), {})).rejects.toThrow(/script/)
})

/** Includes the component as a project does, with inputs. */
async function includeComponent(inputs: Readonly<Record<string, string>>): Promise<void> {
  await cp(join(REPOSITORY, 'templates/pipeline.yml'), join(folder, 'templates/pipeline.yml'))
  const include = [{ local: '/templates/pipeline.yml', inputs }]
  await writeFile(join(folder, '.gitlab-ci.yml'), JSON.stringify({ stages: ['verify', 'release'], include }))
  await run('git', ['-C', folder, 'add', '.'])
}

it('the component takes its inputs', async () => {
  const [check, deploy] = ['verify', 'release']
  await includeComponent({
    'check-stage': check,
    'deploy-stage': deploy,
    'fail-within': '30d',
    image: 'node:22',
  })
  const all = parse(await gitlab('--preview'))
  expect(all['entra-apps-check']).toMatchObject({ stage: check, image: { name: 'node:22' } })
  expect(all['entra-apps-rotate']).toMatchObject({
    stage: deploy,
    variables: { ENTRA_FAIL_WITHIN: '30d' },
    environment: 'entra-rotation',
  })
  await includeComponent({ 'fail-within': '1d; curl' })
  await expect(gitlab('--preview')).rejects.toThrow(/fail-within/)
})

it('the component runs the check of a project', async () => {
  await includeComponent({ 'check-stage': 'verify', 'deploy-stage': 'release' })
  // The package, as `npm ci` installs it: a command that is the one of this repository.
  const bin = { 'entra-apps': 'main.js' }
  await mkdir(join(folder, 'package'))
  await writeFile(
    join(folder, 'package/package.json'),
    JSON.stringify({ name: 'entra-apps', version: '1.0.0', bin }),
  )
  const main = `#!/usr/bin/env node\nimport(${JSON.stringify(join(REPOSITORY, 'scripts/main.js'))})\n`
  await writeFile(join(folder, 'package/main.js'), main, { mode: 0o755 })
  const dependencies = { 'entra-apps': 'file:package' }
  const packages = {
    '': { dependencies },
    'node_modules/entra-apps': { resolved: 'package', link: true },
    package: { name: 'entra-apps', version: '1.0.0', bin },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'x', dependencies }))
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
  await writeFile(join(folder, 'Pulumi.yaml'), 'name: x\nruntime: nodejs\n')
  const stack = 'config:\n  entra-apps:apps:\n    x: { displayName: X }\n'
  await writeFile(join(folder, 'Pulumi.dev.yaml'), stack)
  const job = parse(await gitlab('--preview'))['entra-apps-check']
  const script = [...job.before_script, ...job.script].join('\n')
  const check = () => run('bash', ['-eo', 'pipefail', '-c', script], { cwd: folder })
  expect((await check()).stdout).toContain('No findings in the stack dev.')
  await writeFile(join(folder, 'Pulumi.dev.yaml'), stack.replace('displayName', 'displayNam'))
  await expect(check()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('EA001') })
})
