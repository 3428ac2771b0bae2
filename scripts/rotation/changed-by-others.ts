import type { RotationOutputs, StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf } from '../../infra/rotation/generation.ts'
import { type Action, planRotation } from '../../infra/rotation/plan.ts'
import type { Policies } from '../../infra/rotation/policy.ts'
import { includesPersonalAccounts, PERSONAL_SECRET_LIMIT } from '../../microsoft/audiences.ts'
import { foreignKeys, type HeldKeys, type Holdings, isGone } from '../proof/directory/held-keys.ts'
import type { SecretName } from './deliver.ts'

type Declared = Readonly<Record<string, RotationOutputs>>

/** Whether the directory refuses more than two of these: client secrets of an application with personal accounts. */
export function isLimitedBy({ app, secret }: SecretName, declared: Declared): boolean {
  const declaration = declared[app]
  return (
    declaration !== undefined &&
    includesPersonalAccounts(declaration) &&
    Object.hasOwn(declaration.secrets, secret)
  )
}

/** The plan with an error in the place of each secret that the directory would refuse, since foreign ones are in its way. */
export function blockIfFull(
  actions: readonly Action[],
  { declared, ...holdings }: Holdings & { readonly declared: Declared },
): Action[] {
  const allForeign = foreignKeys(holdings)
  return actions.flatMap((action) => {
    if (action.do !== 'issue' || !isLimitedBy(action, declared)) return [action]
    const { app, secret } = action
    const foreign = allForeign.filter((each) => each.app === app && each.kind === 'secret')
    const freed = actions.filter((each) => each.do === 'retire' && each.first && each.app === app).length
    const secrets = [...(holdings.held?.get(app)?.values() ?? [])].filter(({ kind }) => kind === 'secret')
    if (foreign.length === 0 || secrets.length - freed < PERSONAL_SECRET_LIMIT) return [action]
    const clientId = holdings.outputs.apps[app]?.clientId
    const names = foreign.map(
      ({ keyId, displayName }) => `"${displayName || 'without a name'}" (key id ${keyId})`,
    )
    return [
      {
        app,
        secret,
        do: 'blocked',
        because: `an application with personal Microsoft accounts holds ${PERSONAL_SECRET_LIMIT} client secrets at most, and somebody else made ${names.join(' and ')}`,
        fix: `once nothing uses it, delete it: az ad app credential delete --id ${clientId} --key-id ${foreign[0]?.keyId}`,
      },
    ]
  })
}

/** Credentials whose current generation somebody has deleted from the directory. */
export function goneFrom(held: HeldKeys | undefined, ledger: StackOutputs['ledger']): SecretName[] {
  return Object.entries(ledger).flatMap(([app, secrets]) =>
    Object.entries(secrets).flatMap(([secret, generations]) => {
      const current = currentOf(generations)
      return current && isGone(held, app, current) ? [{ app, secret }] : []
    }),
  )
}

/** A current credential that somebody deleted from the directory is due at once, whatever the policy says. */
export function dueIfGone(
  action: Action,
  gone: readonly SecretName[],
  { ledger }: StackOutputs,
  policies: Policies,
  now: Date,
): Action[] {
  const { app, secret } = action
  if (action.do !== 'idle' || !gone.some((each) => each.app === app && each.secret === secret))
    return [action]
  const because = 'the current one was deleted from the directory by somebody else'
  return planRotation(ledger, policies, { mode: 'now', app, secret }, now).map((each) =>
    each.do === 'issue' ? { ...each, because, overlap: 'nobody gets tokens with the one before' } : each,
  )
}
