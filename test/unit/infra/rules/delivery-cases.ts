import { resolve } from 'node:path'
import type { DeliveryDeclarationInput } from '../../../../infra/declaration/schema/delivery.ts'
import type { Cases, Declared } from './case.ts'

const env = (variable: string, file = '.env'): DeliveryDeclarationInput => ({ dotenv: { file, variable } })
const vault = (name: string): DeliveryDeclarationInput => ({
  keyVault: { vault: 'https://team.vault.azure.net', name },
})
const github = (secret: string): DeliveryDeclarationInput => ({ github: { repository: 'octo/app', secret } })
const exec: DeliveryDeclarationInput = { exec: { command: ['./deliver.sh'] } }
const module = (file: string): DeliveryDeclarationInput => ({ module: { file } })

/** A project directory with a module and a link that leads out of it. */
const read = Object.assign((file: string) => (/deliver\.ts$/.test(file) ? new Uint8Array() : undefined), {
  realPath: (file: string) => resolve('/project', file === './link.ts' ? '/elsewhere/deliver.ts' : file),
})
const inProject = (file: string) => ({ app: secrets(module(file)), context: { read } })

const secrets = (...targets: DeliveryDeclarationInput[]): Declared => ({
  secrets: Object.fromEntries(
    targets.map((target, i) => [`s${i}`, { displayName: 's', lifetime: '90d', deliver: [target] }]),
  ),
})
const certificate = (target: DeliveryDeclarationInput): Declared => ({
  certificates: { signing: { generate: { lifetime: '90d', deliver: [target] } } },
})

export const deliveryCases: Cases = {
  EA421: {
    pass: [
      secrets(env('A'), env('B'), env('A', 'other/.env'), vault('a'), vault('b'), github('A'), github('B')),
      secrets(exec, exec),
      { app: secrets(module('./deliver.ts'), module('./deliver.ts')), context: { read } },
      { app: secrets(env('A')), after: { other: secrets(env('A')) } },
      // Twice what one credential is delivered to: the second time changes nothing.
      { secrets: { s: { displayName: 's', lifetime: '90d', deliver: [github('A'), github('a')] } } },
    ],
    fail: [
      [secrets(env('A'), env('A')), 'secrets.s1.deliver.0: app/s0 is delivered to dotenv:.env#A, too'],
      [
        secrets(env('A'), env('A', './.env')),
        'secrets.s1.deliver.0: app/s0 is delivered to dotenv:./.env#A, too',
      ],
      [
        secrets(vault('a'), vault('A')),
        'secrets.s1.deliver.0: app/s0 is delivered to keyVault:https://team.vault.azure.net/secrets/A, too',
      ],
      [
        secrets(github('A'), github('a')),
        'secrets.s1.deliver.0: app/s0 is delivered to github:octo/app/a, too',
      ],
      [
        { ...secrets(env('A')), ...certificate(env('A')) },
        'secrets.s0.deliver.0: app/signing is delivered to dotenv:.env#A, too',
      ],
      [
        { app: secrets(env('A')), others: { other: certificate(env('A')) } },
        'secrets.s0.deliver.0: other/signing is delivered to dotenv:.env#A, too',
      ],
      [
        { app: certificate(env('A')), others: { other: certificate(env('A')) } },
        'certificates.signing.generate.deliver.0: other/signing is delivered to dotenv:.env#A, too',
      ],
      [
        { app: secrets(env('B'), env('A')), others: { other: secrets(env('A'), env('B')) } },
        'secrets.s0.deliver.0: other/s1 is delivered to dotenv:.env#B, too',
        'secrets.s1.deliver.0: other/s0 is delivered to dotenv:.env#A, too',
      ],
    ],
  },
  EA422: {
    pass: [inProject('./deliver.ts'), inProject('delivery/deliver.ts'), inProject('./..deliver.ts')],
    fail: [
      [inProject('./missing.ts'), 'secrets.s0.deliver.0.module.file: there is no file ./missing.ts'],
      [
        inProject('../deliver.ts'),
        'secrets.s0.deliver.0.module.file: ../deliver.ts is outside the project directory',
      ],
      [
        inProject('./link.ts'),
        'secrets.s0.deliver.0.module.file: ./link.ts is outside the project directory',
      ],
      [
        inProject('/projects/deliver.ts'),
        'secrets.s0.deliver.0.module.file: /projects/deliver.ts is outside the project directory',
      ],
    ],
  },
}
