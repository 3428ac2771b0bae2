import * as pulumi from '@pulumi/pulumi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OUTPUT_SETTINGS } from '../../../../infra/declaration/output-settings.ts'
import { registerApps } from '../../../../infra/program/register.ts'
import { AppRegistration } from '../../../../infra/registration/app-registration.ts'
import {
  type AppInput,
  judgedValues,
  restoring,
  takeOutputs,
} from '../../../../infra/registration/declared-outputs.ts'
import { readAppDeclaration } from '../../../../infra/rules/validate.ts'
import { mockEngine, type Registered, settled } from '../mocks.ts'

let registered: Registered[]
beforeEach(async () => {
  registered = await mockEngine()
})
afterEach(() => pulumi.runtime.disconnect())

/** The value at a path of settings, in a declaration that has nothing else. */
function declaring(path: string, value: unknown): object {
  const set = ([step = '', ...rest]: readonly string[]): object => {
    const key = step === '*' && rest.length > 0 ? 'cluster' : step
    const inner = rest.length === 0 ? value : rest[0] === '*' && rest.length === 1 ? [value] : set(rest)
    return { [key]: inner }
  }
  return set(path.split('.'))
}

const OTHERS: Readonly<Record<string, object>> = {
  'federatedCredentials.*.kubernetes.issuer': { namespace: 'files', serviceAccount: 'files' },
  'federatedCredentials.*.azurePipelines.issuer': { subject: '/eid1/c/pub/t/a' },
  'federatedCredentials.*.azurePipelines.subject': { issuer: 'https://login.microsoftonline.com/a/v2.0' },
  'federatedCredentials.*.other.issuer': { subject: 'files' },
  'federatedCredentials.*.other.subject': { issuer: 'https://issuer.example.com' },
}

/** A declaration that is right but for the one value, if at all. */
function around(path: string, value: unknown): object {
  const declaration = declaring(path, value) as Record<string, Record<string, Record<string, object>>>
  const [, , kind = ''] = path.split('.')
  const cluster = declaration['federatedCredentials']?.['cluster']
  if (cluster) cluster[kind] = { ...cluster[kind], ...OTHERS[path] }
  return { displayName: 'Files', ...declaration }
}

const SITE = 'https://site.example.com/cb'
const files = (change: object): AppInput => ({ displayName: 'Files', ...change })
const inputsOf = (type: string, name: string) =>
  registered.find((each) => each.type === type && each.name === name)?.inputs

describe('an output in a declaration', () => {
  it.each(Object.keys(OUTPUT_SETTINGS))('is taken at %s, and what stands for it breaks no rule', (path) => {
    const { declaration, outputs, problems } = takeOutputs(around(path, pulumi.output('value')))
    expect(problems).toEqual([])
    expect(outputs).toHaveLength(1)
    const result = readAppDeclaration('files', declaration)
    expect(result).toMatchObject({ ok: true })
    const about = [...result.warnings].filter(({ message }) => message.includes(outputs[0]?.substitute ?? ''))
    expect(about).toEqual([])
  })

  it.each([
    ['a name', { permissions: { 'Microsoft Graph': { application: [pulumi.output('Files.Read.All')] } } }],
    ['a choice', { consent: pulumi.output('grant') }],
    ['a whole list', { redirectUris: { web: pulumi.output([SITE]) } }],
    ['a promise', { owners: [Promise.resolve('ada@contoso.com')] }],
  ])('is refused as %s, with its path', (_, change) => {
    const { problems } = takeOutputs(files(change))
    expect(problems).toHaveLength(1)
    expect(() => new AppRegistration('files', files(change))).toThrow(/cannot stand here/)
    expect(() => registerApps({ files: files(change) })).toThrow(
      /apps\.files\.(permissions|consent|redirect|owners)/,
    )
  })

  it('arrives normalised in the resources and in what is recorded', async () => {
    const app = new AppRegistration(
      'files',
      files({
        redirectUris: { web: [pulumi.output('https://site.example.com'), SITE] },
        notes: Promise.resolve('Made together with the site'),
        federatedCredentials: {
          cluster: {
            kubernetes: {
              issuer: pulumi.output('https://oidc.example.com/'),
              namespace: 'a',
              serviceAccount: 'b',
            },
          },
        },
      }),
    )
    expect(await settled(app.outputs)).toMatchObject({
      redirectUris: { web: ['https://site.example.com/', SITE] },
      federatedCredentials: {
        cluster: { issuer: 'https://oidc.example.com/', subject: 'system:serviceaccount:a:b' },
      },
    })
    await pulumi.runtime.disconnect()
    expect(inputsOf('Application', 'files')).toMatchObject({
      web: { redirectUris: ['https://site.example.com/', SITE] },
      notes: 'Made together with the site',
    })
    expect(inputsOf('ApplicationFederatedIdentityCredential', 'files-federated-cluster')).toMatchObject({
      issuer: 'https://oidc.example.com/',
    })
  })

  it('arrives in one of several applications', async () => {
    const { outputs } = registerApps({ files: files({ web: { homepage: pulumi.output(SITE) } }) })
    await settled(outputs.apps['files'] as NonNullable<(typeof outputs.apps)[string]>)
    await pulumi.runtime.disconnect()
    expect(inputsOf('Application', 'files')).toMatchObject({ web: { homepageUrl: SITE } })
  })

  it.each([
    ['breaks a rule', 'http://site.example.com/cb', /redirectUris\.web\[0\]: .* http /],
    ['is no text', 5, /redirectUris\.web\[0\]/],
    ['holds a placeholder', 'https://site.example.com/{clientId}', /is not filled in/],
  ])('fails once it is known and %s', (_, value, message) => {
    const taken = takeOutputs(files({ redirectUris: { web: [pulumi.output(value)] } }))
    const judge = () => judgedValues(taken, [value], (app) => readAppDeclaration('files', app), 'the test')
    expect(judge).toThrow(message)
  })

  it('stays secret', async () => {
    const taken = takeOutputs(files({ notes: pulumi.secret('quiet') }))
    const restore = restoring(taken, (app) => readAppDeclaration('files', app), 'the test')
    expect(
      await pulumi.isSecret(restore(taken.outputs[0]?.substitute) as unknown as pulumi.Output<string>),
    ).toBe(true)
  })
})
