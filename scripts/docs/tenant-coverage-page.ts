import { BEHAVIOURS, DIFFERENCES } from '../../tenant/graph/coverage.ts'
import { routes } from '../../tenant/graph/routes.ts'
import type { Requirement, Route } from '../../tenant/request/route.ts'
import { clientsSection } from './clients/clients.ts'
import { providerTests } from './provider-tests.ts'

/** docs/tenant-coverage.md: what the route table serves, and where it differs from the real service. */
export function tenantCoveragePage(): string {
  const behaviours = Object.entries(BEHAVIOURS).map(
    ([name, { real, here }]) => `| ${name} | ${real} | ${here} |`,
  )
  return [
    '# Coverage of Microsoft Graph',
    '',
    'What the [local tenant](local-tenant.md) serves, under `/v1.0` and `/beta` alike unless a row says beta. Anything else is answered',
    '501 with a message that names it, and logged as a gap; a request without the permission is 403, one without a token 401.',
    '',
    'Permissions are application permissions: any one of them is enough, `+` means both, `(own)` on what the caller owns. Sources are',
    'titles of pages in the Microsoft Graph reference. This page is written by `npm run docs` from',
    '[tenant/graph/routes.ts](../tenant/graph/routes.ts) and [tenant/graph/coverage.ts](../tenant/graph/coverage.ts).',
    '',
    '`POST /$batch` takes up to twenty of these, with `dependsOn`; each is answered as if it had come alone, until',
    'the answers to reads exceed 32 MB together: those left are answered 503, to be asked for again. Keys are ids,',
    "and where the real service has them `(appId='…')`, `(uniqueName='…')`, `(userPrincipalName='…')` and `(name='…')`.",
    'Types and functions may be written with the short name `graph.` too, as SDKs do: `members/graph.user`, `graph.delta()`.',
    '',
    'A body may come compressed with gzip, as the Graph SDK for Go sends it, and holds at most 4 MB (413). Another encoding is 415, after which',
    'SDKs send the body again as it is; one that cannot be read is 400.',
    '',
    '## Operations',
    '',
    '| operation | the real service | this tenant |',
    '|---|---|---|',
    ...behaviours,
    '',
    '## Routes',
    '',
    '| route | operation | permissions | source | differences |',
    '|---|---|---|---|---|',
    ...routes.map(row),
    '',
    '## Differences',
    '',
    'Each is intended.',
    '',
    ...DIFFERENCES.map(({ text }, index) => `${index + 1}. ${text}`),
    '',
    ...providerTests(),
    ...clientsSection(),
  ].join('\n')
}

function row(route: Route): string {
  const differences = DIFFERENCES.flatMap(({ on }, index) => (on(route) ? [index + 1] : [])).join(', ')
  const name = `\`${route.method} ${route.path}\`${route.betaOnly ? ' (beta)' : ''}`
  return `| ${name} | ${route.operation} | ${route.allowed.map(permission).join(', ')} | ${route.source} | ${differences} |`
}

function permission({ allOf, owning }: Requirement): string {
  return `${allOf.join(' + ')}${owning === undefined ? '' : ' (own)'}`
}
