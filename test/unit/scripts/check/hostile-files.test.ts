import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkProject } from '../../../../scripts/check/check.ts'
import { project } from './project.ts'

const STACK = 'config:\n  entra-apps:apps: {}\n'

async function findings(files: Record<string, string>) {
  const projectDir = await project({ 'Pulumi.dev.yaml': STACK, ...files })
  return checkProject({ projectDir, stacks: ['dev'] }).findings
}

describe('YAML that would take the machine', () => {
  it.each([
    [
      'aliases that multiply',
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[i]}`)}]`)
        .join('\n')}\n`,
      /cannot be read: its aliases/,
    ],
    ['an alias of nothing', 'displayName: *nothing\n', /Unresolved alias|its aliases cannot be resolved/],
    ['an alias of itself', 'displayName: &me [*me]\n', /./],
    ['thousands of levels', `displayName: ${'['.repeat(20_000)}\n`, /nested too deeply|not valid YAML/],
    ['thousands of closed levels', `displayName: ${'['.repeat(9000)}${']'.repeat(9000)}\n`, /./],
  ])('is one finding in its file: %s', async (_, content, message) => {
    const found = await findings({ 'apps/bomb.yaml': content })
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toMatchObject({ code: 'EA001', place: { file: join('apps', 'bomb.yaml') } })
    expect(found[0]?.message).toMatch(message)
  })
})

it('says of each key that stands twice where it does', async () => {
  const content =
    'displayName: A\ninfo:\n  termsOfService: https://a.example/\n  "termsOfService": x\n1: a\n"1": b\n'
  expect(await findings({ 'apps/twice.yaml': content })).toMatchObject([
    { code: 'EA001', message: 'the key "termsOfService" stands in this mapping already', place: { line: 4 } },
    { code: 'EA001', message: 'the key "1" stands in this mapping already', place: { line: 6 } },
  ])
})

// Took minutes while each key was compared with all before it.
it('reads a mapping of many keys', async () => {
  const keys = Array.from({ length: 60_000 }, (_, i) => `k${i}: 1\n`).join('')
  const found = await findings({
    'apps/keys.yaml': `displayName: A\nx:\n  ${keys.replaceAll('\n', '\n  ')}\n`,
  })
  expect(found).toMatchObject([{ code: 'EA001', path: ['apps', 'keys', 'x'] }])
})

describe('names that JavaScript has a use for', () => {
  const app = 'displayName: App\n'
  const proto = /"__proto__" cannot be a name/

  it.each<[string, Record<string, string>]>([
    ['an application, in its file', { 'apps/__proto__.yaml': app }],
    [
      'an application, in the stack',
      { 'Pulumi.dev.yaml': `config:\n  entra-apps:apps:\n    __proto__: { ${app.trim()} }\n` },
    ],
    [
      'an application, in both',
      {
        'apps/a.yaml': app,
        'Pulumi.dev.yaml': `config:\n  entra-apps:apps:\n    __proto__: { ${app.trim()} }\n`,
      },
    ],
    [
      'a scope',
      { 'apps/a.yaml': `${app}scopes: { __proto__: { admin: { displayName: A, description: A } } }\n` },
    ],
    ['a secret', { 'apps/a.yaml': `${app}secrets: { __proto__: { displayName: A, lifetime: 90d } }\n` }],
    ['an API', { 'apps/a.yaml': `${app}permissions: { __proto__: { application: [A] } }\n` }],
    ['a setting', { 'apps/a.yaml': `${app}__proto__: { consent: grant }\n` }],
  ])('are refused for %s', async (_, files) => {
    expect((await findings(files)).map(({ message }) => message)).toContainEqual(expect.stringMatching(proto))
  })

  it('are refused for the variable of a delivery', async () => {
    const deliver = '[{ dotenv: { file: .env, variable: __proto__ } }]'
    const secret = `{ displayName: A, lifetime: 180d, rotateEvery: 90d, deliver: ${deliver} }`
    const found = await findings({ 'apps/a.yaml': `${app}secrets: { main: ${secret} }\n` })
    expect(found.map(({ message }) => message)).toEqual([expect.stringMatching(/a variable is letters/)])
  })

  it.each(['constructor', 'prototype', 'hasownproperty'])('%s is a name like any other', async (name) => {
    const secrets = `secrets: { ${name}: { displayName: A, lifetime: 90d } }\n`
    expect(await findings({ [`apps/${name}.yaml`]: `${app}${secrets}` })).toEqual([])
    const wrong = await findings({
      'Pulumi.dev.yaml': `config:\n  entra-apps:apps:\n    ${name}: { displayName: App, nothing: 1 }\n`,
    })
    expect(wrong).toMatchObject([{ code: 'EA001', place: { file: 'Pulumi.dev.yaml', line: 3 } }])
  })
})

it('knows a file by whatever path it is named', async () => {
  const deliver = (file: string) =>
    `displayName: ${file}\nsecrets: { main: { displayName: A, lifetime: 180d, rotateEvery: 90d, deliver: [{ dotenv: { file: ${file}, variable: SECRET } }] } }\n`
  const projectDir = await project({ 'Pulumi.dev.yaml': STACK, 'env/keep': '' })
  await symlink(join(projectDir, 'env'), join(projectDir, 'link'))
  const spellings = ['env/.env', './env/../env/.env', join(projectDir, 'env/.env'), 'link/.env']
  const apps = Object.fromEntries(spellings.map((file, i) => [`apps/a${i}.yaml`, deliver(file)]))
  const written = await project({ 'Pulumi.dev.yaml': STACK, ...apps })
  await symlink(join(projectDir, 'env'), join(written, 'env'))
  await symlink(join(projectDir, 'env'), join(written, 'link'))
  const { findings: found } = checkProject({ projectDir: written, stacks: ['dev'] })
  expect(found.filter(({ code }) => code === 'EA421').map(({ path }) => path[1])).toEqual(['a1', 'a2', 'a3'])
})
