import { describe, expect, it } from 'vitest'
import { type AppDeclarationInput, appDeclaration } from '../../../../infra/declaration/schema.ts'
import { checkSecrets, policiesOf } from '../../../../infra/rotation/policy.ts'
import { DAY } from './support.ts'

const app = (declared: Partial<AppDeclarationInput>) =>
  appDeclaration.parse({ displayName: 'Files', ...declared })
const secret = { displayName: 'Main', lifetime: '90d' }
const PERSONAL = { signInAudience: 'AzureADandPersonalMicrosoftAccount' } as const

describe('the policy of a credential', () => {
  it('has every default filled in, for secrets and for certificates that are made here', () => {
    const deliver = [{ dotenv: { file: '.env', variable: 'KEY' } }]
    const certificate = {
      generate: { lifetime: '90d', rotateEvery: '20d', overlap: '12h', rotateWhenDue: false, deliver },
    }
    expect(
      policiesOf({ files: app({ secrets: { main: secret }, certificates: { key: certificate } }) }),
    ).toEqual({
      files: {
        main: {
          lifetime: 90 * DAY,
          rotateEvery: 45 * DAY,
          overlap: 7 * DAY,
          revokeOverlap: DAY,
          rotateWhenDue: false,
          maxLive: 4,
          targets: [],
        },
        key: {
          kind: 'certificate',
          lifetime: 90 * DAY,
          rotateEvery: 20 * DAY,
          overlap: DAY / 2,
          revokeOverlap: DAY / 2,
          rotateWhenDue: false,
          maxLive: 4,
          targets: ['dotenv:.env#KEY'],
        },
      },
    })
  })

  it('lets two secrets live at once where personal accounts sign in, and as many certificates as elsewhere', () => {
    const { files } = policiesOf({
      files: app({
        ...PERSONAL,
        secrets: { main: secret },
        certificates: { key: { generate: { lifetime: '90d' } } },
      }),
    })
    expect(files?.['main']?.maxLive).toBe(2)
    expect(files?.['key']?.maxLive).toBe(4)
  })
})

describe('the secrets of an application with personal accounts', () => {
  const two = { secrets: { main: secret, other: { ...secret, displayName: 'Other' } } }

  it('are one, since its rotation needs the second place', () => {
    expect(checkSecrets(app({ ...PERSONAL, ...two }))).toMatchObject([
      { path: ['secrets', 'other'], message: expect.stringContaining('holds 2 client secrets at most') },
    ])
    expect(checkSecrets(app({ ...PERSONAL, secrets: { main: secret } }))).toEqual([])
    expect(checkSecrets(app(two))).toEqual([])
  })
})
