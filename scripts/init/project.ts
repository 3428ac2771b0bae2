import { subset, validRange } from 'semver'
import { isObject } from '../../lib/is-object.ts'
import { fileOf } from '../adopt/app-file.ts'
import { MANIFEST } from '../lib/manifest.ts'
import { addLines, addToJson, type JsonObject, parseObject } from './additions.ts'
import type { Answers } from './answers.ts'
import { EDITOR_SETTINGS, STACK_SCHEMA } from './editor.ts'
import { pipelineFiles } from './pipelines.ts'
import type { WantedFile } from './plan.ts'
import { backendLines, stateSentence } from './states.ts'
import { appFromTemplate, readTemplate } from './templates.ts'

export interface Project extends Answers {
  /** Name of the Pulumi project and of the package. */
  readonly name: string
  readonly stack: string
  /** Template of the first application. */
  readonly template: string
}

const IGNORED = ['node_modules/', '.entra-apps/', '.env', '.env.*']

/** Every file that `init` sees to. */
export function projectFiles(project: Project): WantedFile[] {
  const { name, app, template, stack, tenant, state, pipeline } = project
  return [
    packageFile(name),
    { path: 'Pulumi.yaml', content: pulumiFile(project) },
    {
      path: `Pulumi.${stack}.yaml`,
      content: stackFile(project),
      // Settings are its owner's, but a tenant that was asked for is not passed over in silence.
      existing: tenant === undefined ? 'keep' : (text) => (text.includes(tenant) ? text : undefined),
    },
    // Pulumi adds the salt of its passphrase.
    { path: 'Pulumi.local.yaml', content: LOCAL_STACK_FILE, existing: 'keep' },
    appFile(app, template),
    linesFile('.gitignore', IGNORED),
    jsonFile('.vscode/settings.json', EDITOR_SETTINGS, () => EDITOR_SETTINGS),
    ...Object.entries(pipelineFiles(pipeline)).map(([path, content]) => ({ path, content })),
    {
      path: 'README.md',
      content: readTemplate('README.md', { project: name, stack, state: stateSentence(state) }),
      existing: 'keep',
    },
  ]
}

/** The file of one application. */
export function appFile(app: string, template: string): WantedFile {
  return { path: fileOf(app).replaceAll('\\', '/'), content: appFromTemplate(template, app) }
}

function packageFile(name: string): WantedFile {
  const dependencies = { [MANIFEST.name]: MANIFEST.version, ...MANIFEST.peerDependencies }
  const scripts = { 'check:apps': 'entra-apps check', demo: 'entra-apps demo' }
  const additions = (there: JsonObject) => ({
    scripts,
    dependencies: Object.fromEntries(
      Object.entries(dependencies).filter(([each]) => !isDevDependency(there, each)),
    ),
  })
  return jsonFile('package.json', { name, private: true, scripts, dependencies }, additions)
}

function isDevDependency({ devDependencies }: JsonObject, name: string): boolean {
  return isObject(devDependencies) && Object.hasOwn(devDependencies, name)
}

/**
 * What `npm install` would stumble over: versions of the Pulumi SDKs in an existing package.json that are not those that
 * the package works with. Ranges that are none, such as `workspace:*`, are not judged.
 */
export function unfitPeers(packageJson: string): { name: string; there: string; needed: string }[] {
  const { dependencies, devDependencies } = parseObject(packageJson) ?? {}
  const groups = [dependencies, devDependencies].filter(isObject)
  return Object.entries(MANIFEST.peerDependencies).flatMap(([name, needed]) => {
    const there = groups.map((group) => group[name]).find((range) => typeof range === 'string')
    if (typeof there !== 'string' || validRange(there) === null || subset(there, needed)) return []
    return [{ name, there, needed }]
  })
}

function jsonFile(
  path: string,
  content: JsonObject,
  additions: (there: JsonObject) => JsonObject,
): WantedFile {
  return {
    path,
    content: `${JSON.stringify(content, undefined, 2)}\n`,
    existing: (text) => addToJson(text, additions),
  }
}

function linesFile(path: string, lines: readonly string[]): WantedFile {
  return { path, content: `${lines.join('\n')}\n`, existing: (text) => addLines(text, lines) }
}

function pulumiFile({ name, state }: Project): string {
  return [
    `name: ${name}`,
    'description: Microsoft Entra app registrations as code',
    'runtime: { name: nodejs, options: { typescript: false } }',
    'main: node_modules/entra-apps/dist/infra/program/main.js',
    backendLines(state),
    '',
  ].join('\n')
}

const SCHEMA_LINE = `# yaml-language-server: $schema=${STACK_SCHEMA}`

const LOCAL_STACK_FILE = [
  SCHEMA_LINE,
  '# The local tenant: `npx entra-apps demo` brings this stack up and verifies it. Nothing here leaves this computer.',
  'config: {}',
  '',
].join('\n')

function stackFile({ stack, tenant }: Project): string {
  const config = tenant
    ? ['config:', `  azuread:tenantId: ${tenant}`]
    : [
        '# Replace "config: {}" by these lines when you know the tenant:',
        '# config:',
        '#   azuread:tenantId: 00000000-0000-0000-0000-000000000000',
        'config: {}',
      ]
  return [
    SCHEMA_LINE,
    `# The stack "${stack}": settings of its own are laid over those of apps/.`,
    ...config,
    '',
  ].join('\n')
}
