import type { AppDeclaration } from '../declaration/schema.ts'
import { applicationObjectRules } from './application-object.ts'
import { certificateRules } from './certificates.ts'
import { credentialRules } from './credentials.ts'
import { deliveryRules } from './delivery.ts'
import { directoryRoleRules } from './directory-roles.ts'
import { exposedApiRules } from './exposed-api.ts'
import { federatedIssuerRules } from './federated-issuers.ts'
import { federationRules } from './federation.ts'
import { identifierUriRules } from './identifier-uris.ts'
import { logoRules } from './logo.ts'
import { permissionCountRules } from './permission-counts.ts'
import { permissionRules } from './permissions.ts'
import { placeholderRules } from './placeholders.ts'
import { redirectUriRules } from './redirect-uris.ts'
import { referenceRules } from './references.ts'
import type { Finding, Rule, RuleContext, Violation } from './rule.ts'
import { signInRules } from './sign-in.ts'
import { singleSignOnRules } from './single-sign-on.ts'
import { siteRules } from './sites.ts'
import { stackSizeRules } from './stack-size.ts'
import { SHAPE, UNUSED_SUPPRESSION, unknownSuppression } from './suppressions.ts'
import { withoutOwnSecrets, withoutUriSecrets } from './uri-secrets.ts'

/** Every rule, by code: what `check`, the deployment, the documentation and the tests go by. */
export const RULES: readonly Rule[] = [
  SHAPE,
  unknownSuppression(() => RULES.map(({ code }) => code)),
  UNUSED_SUPPRESSION,
  ...redirectUriRules,
  ...placeholderRules,
  ...signInRules,
  ...singleSignOnRules,
  ...applicationObjectRules,
  ...logoRules,
  ...stackSizeRules,
  ...identifierUriRules,
  ...exposedApiRules,
  ...credentialRules,
  ...federationRules,
  ...federatedIssuerRules,
  ...certificateRules,
  ...deliveryRules,
  ...permissionCountRules,
  ...permissionRules,
  ...directoryRoleRules,
  ...siteRules,
  ...referenceRules,
]

/**
 * Every finding about one application, suppressed ones left out.
 *
 * @returns findings with paths below the application
 */
export function judge(app: AppDeclaration, context: RuleContext): Finding[] {
  const found = RULES.filter((rule) => isApplicable(rule, context)).flatMap((rule) =>
    rule.check(app, context).map((violation) => toFinding(rule, violation)),
  )
  const suppressed = new Set(app.suppress.map(({ rule }) => rule))
  const unused = app.suppress.flatMap(({ rule }, i): Finding[] => {
    if (found.some(({ code }) => code === rule) || !RULES.some(({ code }) => code === rule)) return []
    if (!isApplicable(UNUSED_SUPPRESSION, context)) return []
    return [
      toFinding(UNUSED_SUPPRESSION, {
        path: ['suppress', i],
        message: `${rule} finds nothing here`,
        found: rule,
      }),
    ]
  })
  return [...found.filter(({ code }) => !suppressed.has(code) || code <= UNUSED_SUPPRESSION.code), ...unused]
}

function isApplicable({ needsWhole }: Rule, { name, incomplete }: RuleContext): boolean {
  if (!needsWhole || !incomplete) return true
  return needsWhole === 'application' ? !incomplete.has(name) : incomplete.size === 0
}

/** A mistake of form, as a finding like any other. */
export function shapeFinding(violation: Violation): Finding {
  return toFinding(SHAPE, violation)
}

function toFinding(rule: Rule, { path, message, fix = rule.fix, found }: Violation): Finding {
  return {
    code: rule.code,
    severity: rule.severity,
    path,
    message: withoutUriSecrets(message),
    fix: withoutUriSecrets(fix),
    ...(found !== undefined && { found: typeof found === 'string' ? withoutOwnSecrets(found) : found }),
    ...(rule.limit !== undefined && { limit: rule.limit }),
    source: rule.source,
  }
}
