import { renderPath } from '../../infra/declaration/problems.ts'
import { RULES } from '../../infra/rules/registry.ts'
import { MANIFEST } from '../lib/manifest.ts'
import type { CheckReport, PlacedFinding } from './check.ts'

/**
 * The report as a SARIF 2.1.0 log ("Static Analysis Results Interchange Format", OASIS), which code hosts show beside the
 * lines. File names are relative to the project directory.
 */
export function renderSarif({ findings }: CheckReport): string {
  const rules = RULES.map(({ code, name, severity, summary, fix, source }) => ({
    id: code,
    name,
    shortDescription: { text: summary },
    help: { text: `To fix it: ${fix}.\nSource: ${source}.` },
    defaultConfiguration: { level: severity },
  }))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: MANIFEST.name, semanticVersion: MANIFEST.version, rules } },
        originalUriBaseIds: { PROJECT: { description: { text: 'The project directory' } } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(toResult),
      },
    ],
  }
  return JSON.stringify(log, null, 2)
}

function toResult({ code, severity, message, fix, path, place, stacks }: PlacedFinding) {
  return {
    ruleId: code,
    ruleIndex: RULES.findIndex((rule) => rule.code === code),
    level: severity,
    message: { text: `${message}. To fix it: ${fix}.` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: place.file.split('\\').join('/'), uriBaseId: 'PROJECT' },
          region: { startLine: place.line, startColumn: place.column },
        },
        logicalLocations: [{ fullyQualifiedName: renderPath(path) }],
      },
    ],
    properties: { stacks },
  }
}
