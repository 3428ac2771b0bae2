import { normalize } from 'node:path'
import { rotatedCredentials } from '../declaration/rotated-credentials.ts'
import { type DeliveryDeclaration, targetId } from '../declaration/schema/delivery.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { repeatedInStack } from './of-stack.ts'
import type { Rule, RuleContext, Violation } from './rule.ts'

/** A place that one credential is delivered to. */
interface Delivery {
  readonly app: string
  readonly credential: string
  readonly target: DeliveryDeclaration
  /** Below the application. */
  readonly path: Violation['path']
}

function deliveriesIn(name: string, app: AppDeclaration): Delivery[] {
  return Object.entries(rotatedCredentials(app)).flatMap(([credential, { kind, deliver }]) => {
    const at = kind === 'certificate' ? ['certificates', credential, 'generate'] : ['secrets', credential]
    return deliver.map((target, i) => ({ app: name, credential, target, path: [...at, 'deliver', i] }))
  })
}

/** The place itself, however it is spelt: vaults and GitHub do not tell upper from lower case in their names. */
function placeOf({ target }: Delivery, { read }: RuleContext): string {
  const { dotenv, keyVault } = target
  if (dotenv) {
    const file = read.realPath?.(dotenv.file) ?? normalize(dotenv.file)
    return targetId({ dotenv: { ...dotenv, file } })
  }
  const same = keyVault ? { keyVault: { ...keyVault, vault: new URL(keyVault.vault).origin } } : target
  return targetId(same).toLowerCase()
}

const repeatedPlaces = repeatedInStack(
  (name, app) => deliveriesIn(name, app).filter(({ target }) => !target.exec),
  placeOf,
)

/** Rules about where credentials are delivered to. */
export const deliveryRules: readonly Rule[] = [
  {
    code: 'EA421',
    name: 'delivery-place-of-its-own',
    severity: 'error',
    summary: 'Each place holds one credential; a command, which is told which one it gets, may serve many.',
    fix: 'deliver one of the two to another variable, secret or vault entry: they would overwrite each other, and neither could be retired',
    source: 'Rules of entra-apps',
    check: (_, context) =>
      repeatedPlaces(context)
        .filter(([later, first]) => !isSameCredential(later, first))
        .map(([{ path, target }, first]) => ({
          path,
          message: `${first.app}/${first.credential} is delivered to ${targetId(target)}, too`,
        })),
  },
]

/** The schema says so where a credential lists a place twice. */
function isSameCredential(a: Delivery, b: Delivery): boolean {
  return a.app === b.app && a.credential === b.credential
}
