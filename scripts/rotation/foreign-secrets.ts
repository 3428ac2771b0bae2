import type { StackOutputs } from '../../infra/contract/outputs.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import type { Action } from '../../infra/rotation/plan.ts'
import { includesPersonalAccounts, PERSONAL_SECRET_LIMIT } from '../../microsoft/audiences.ts'
import type { StateCredential } from '../stack/engine-state.ts'
import type { SecretName } from './deliver.ts'
import type { HeldKeys } from './held-keys.ts'

type Declared = Readonly<Record<string, AppDeclaration>>

/** Whether the directory refuses more than two of these: client secrets of an application with personal accounts. */
export function isLimitedBy({ app, secret }: SecretName, declared: Declared): boolean {
  const declaration = declared[app]
  return (
    declaration !== undefined &&
    includesPersonalAccounts(declaration) &&
    Object.hasOwn(declaration.secrets, secret)
  )
}

export interface Holdings {
  /** What the directory holds; undefined where nobody may ask. */
  readonly held: HeldKeys | undefined
  /** What the state holds. */
  readonly credentials: readonly StateCredential[]
  readonly declared: Declared
  readonly outputs: Pick<StackOutputs, 'apps' | 'ledger'>
}

/** The plan with an error in the place of each secret that the directory would refuse, since foreign ones are in its way. */
export function blockIfFull(actions: readonly Action[], holdings: Holdings): Action[] {
  return actions.flatMap((action) => {
    if (action.do !== 'issue' || !isLimitedBy(action, holdings.declared)) return [action]
    const { app, secret } = action
    const foreign = foreignSecrets(app, holdings)
    const freed = actions.filter((each) => each.do === 'retire' && each.first && each.app === app).length
    const left = secretsIn(app, holdings).length - freed
    if (foreign.length === 0 || left < PERSONAL_SECRET_LIMIT) return [action]
    const clientId = holdings.outputs.apps[app]?.clientId
    const names = foreign.map(([keyId, name]) => `"${name || 'without a name'}" (key id ${keyId})`)
    return [
      {
        app,
        secret,
        do: 'blocked',
        because: `an application with personal Microsoft accounts holds ${PERSONAL_SECRET_LIMIT} client secrets at most, and somebody else made ${names.join(' and ')}`,
        fix: `once nothing uses it, delete it: az ad app credential delete --id ${clientId} --key-id ${foreign[0]?.[0]}`,
      },
    ]
  })
}

/** Secrets of the application that neither state nor ledger knows: key id and display name. */
function foreignSecrets(app: string, holdings: Holdings): [string, string][] {
  const { credentials, outputs } = holdings
  const known = new Set([
    ...credentials.map(({ keyId }) => keyId),
    ...Object.values(outputs.ledger[app] ?? {}).flatMap((all) => all.map(({ keyId }) => keyId)),
  ])
  return secretsIn(app, holdings).filter(([keyId]) => !known.has(keyId))
}

/** Every secret that the directory holds for the application. */
function secretsIn(app: string, { held }: Holdings): [string, string][] {
  return [...(held?.get(app) ?? [])].flatMap(([keyId, { kind, displayName }]): [string, string][] =>
    kind === 'secret' ? [[keyId, displayName]] : [],
  )
}
