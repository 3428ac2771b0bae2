import { APPLICATION_PLACEHOLDERS, LATER_PLACEHOLDERS } from '../declaration/placeholders.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { Rule, Violation } from './rule.ts'

/** Everything that people write for one of the two, in any spelling. */
const LIKE_PLACEHOLDER = /\{\s*(client|app|application|tenant|directory)[\s_-]?id\s*\}/i

const PLACEHOLDER = /^\{(clientId|tenantId)\}$/

const ALLOWED: ReadonlySet<string> = new Set([...APPLICATION_PLACEHOLDERS, ...LATER_PLACEHOLDERS])

/** Settings that are for people, or that commands read with rules of their own. */
const OTHER_TEXTS: ReadonlySet<string> = new Set(['suppress', 'verifyWrites'])

interface Text {
  readonly text: string
  readonly path: readonly (string | number)[]
}

function textsIn(node: unknown, path: Text['path'] = []): Text[] {
  if (typeof node === 'string') return LIKE_PLACEHOLDER.test(node) ? [{ text: node, path }] : []
  if (typeof node !== 'object' || node === null) return []
  const isList = Array.isArray(node)
  return Object.entries(node).flatMap(([step, each]) =>
    textsIn(each, [...path, isList ? Number(step) : step]),
  )
}

/** Rules about `{clientId}` and `{tenantId}`. */
export const placeholderRules: readonly Rule[] = [
  {
    code: 'EA131',
    name: 'placeholder',
    severity: 'error',
    summary:
      'Placeholders are {clientId} and {tenantId}, in redirect URIs, identifier URIs, addresses and tags of the application and its service principal.',
    fix: 'write the id itself; `pulumi stack output apps` shows it after the first deployment',
    source: 'docs/declaration.md',
    check: (app) => textsIn(withoutOtherTexts(app)).flatMap(violation),
  },
]

function withoutOtherTexts(app: AppDeclaration): object {
  return Object.fromEntries(Object.entries(app).filter(([setting]) => !OTHER_TEXTS.has(setting)))
}

function violation({ text, path }: Text): Violation[] {
  const setting = path.filter((step) => typeof step === 'string').join('.')
  const written = [...text.matchAll(new RegExp(LIKE_PLACEHOLDER, 'gi'))].map(([each]) => each)
  if (!ALLOWED.has(setting)) {
    const message = `"${text}" would stand in the tenant as it is: placeholders are not replaced in ${setting}`
    return [{ path, message, found: text }]
  }
  const unknown = written.find((each) => !PLACEHOLDER.test(each))
  if (unknown === undefined) return []
  const right = /tenant|directory/i.test(unknown) ? '{tenantId}' : '{clientId}'
  return [{ path, message: `"${text}": unknown placeholder ${unknown}`, fix: `write ${right}`, found: text }]
}
