import { hash } from 'node:crypto'
import { MANIFEST } from '../lib/manifest.ts'
import { INVENTORY_RULES } from './judge.ts'
import type { Finding, InventoryReport, Severity } from './report.ts'

const LEVELS: Readonly<Record<Severity, string>> = { low: 'note', medium: 'warning', high: 'error' }

/** How GitHub's code scanning ranks a rule ("SARIF support for code scanning"). */
const SCORES: Readonly<Record<Severity, string>> = { low: '3.0', medium: '5.5', high: '8.0' }

/**
 * The findings as a SARIF 2.1.0 log. An application is no file: its place is its client id below `entra/`, as code hosts
 * insist on a file and a line. Its results are an iterator, for `jsonPieces`.
 */
export function toSarif({ findings }: InventoryReport): object {
  const rules = INVENTORY_RULES.map(({ id, name, severity, summary, fix, source }) => ({
    id,
    name,
    shortDescription: { text: summary },
    help: { text: `To fix it: ${fix}.\nSource: ${source}.` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['security'], 'security-severity': SCORES[severity] },
  }))
  const driver = { name: MANIFEST.name, semanticVersion: MANIFEST.version, rules }
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results: toResults(findings) }
  return { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
}

function* toResults(findings: readonly Finding[]) {
  for (const each of findings) yield toResult(each)
}

function toResult({ ruleId, severity, appId, displayName, message, fix, suppressed }: Finding) {
  return {
    ruleId,
    ruleIndex: INVENTORY_RULES.findIndex(({ id }) => id === ruleId),
    level: LEVELS[severity],
    message: { text: `${displayName}: ${message}. To fix it: ${fix}.` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: `entra/${appId}` }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: appId, name: displayName, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'finding/v1': fingerprint([ruleId, appId, message]) },
    ...(suppressed !== undefined && { suppressions: [{ kind: 'external', justification: suppressed }] }),
  }
}

/** Tells findings of one rule about one application from each other, run after run. */
function fingerprint(parts: readonly string[]): string {
  return hash('sha256', parts.join('\n')).slice(0, 32)
}
