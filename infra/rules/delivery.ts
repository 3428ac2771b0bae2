import { isAbsolute, normalize, relative } from 'node:path'
import { rotatedCredentials } from '../declaration/rotated-credentials.ts'
import { type DeliveryDeclaration, placeOf, targetId } from '../declaration/schema/delivery.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { repeatedInStack } from './of-stack.ts'
import type { FileReader, Rule, RuleContext, Violation } from './rule.ts'

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

const realPathOf = (read: FileReader) => read.realPath ?? normalize

const repeatedPlaces = repeatedInStack(
  (name, app, { read }) =>
    deliveriesIn(name, app).flatMap((delivery) => {
      const place = placeOf(delivery.target, realPathOf(read))
      return place === undefined ? [] : { ...delivery, place }
    }),
  ({ place }) => place,
)

/** What keeps a file from being a module of the project. */
function moduleProblem(file: string, { read }: RuleContext): Omit<Violation, 'path'> | undefined {
  const realPath = realPathOf(read)
  const inside = relative(realPath('.'), realPath(file))
  if (isAbsolute(inside) || /^\.\.([/\\]|$)/.test(inside)) {
    return { message: `${file} is outside the project directory` }
  }
  if (read(file) !== undefined) return undefined
  return { message: `there is no file ${file}`, fix: 'create it, or correct the path' }
}

/** Rules about where credentials are delivered to. */
export const deliveryRules: readonly Rule[] = [
  {
    code: 'EA421',
    name: 'delivery-place-of-its-own',
    severity: 'error',
    summary:
      'Each place holds one credential; a command or a module, which is told which one it gets, may serve many.',
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
  {
    code: 'EA422',
    name: 'delivery-module-in-project',
    severity: 'error',
    summary: 'A module that delivers is a file of the project directory, also where links lead to it.',
    fix: 'name a module inside the project directory; what it imports may come from packages',
    source: 'Rules of entra-apps',
    check: (app, context) =>
      deliveriesIn(context.name, app).flatMap(({ path, target: { module } }) => {
        const problem = module && moduleProblem(module.file, context)
        return problem ? { path: [...path, 'module', 'file'], ...problem } : []
      }),
  },
]

/** The schema says so where a credential lists a place twice. */
function isSameCredential(a: Delivery, b: Delivery): boolean {
  return a.app === b.app && a.credential === b.credential
}
