import { tableCell } from '../../lib/escape.ts'
import type { CatalogueEntry } from '../proof/catalogue/index.ts'

/** docs/error-catalogue.md: every refusal that is explained. */
export function errorCataloguePage(entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(({ code, message, meaning, wait, fix, reference }) => {
    const which = message
      ? `${code}, "${message.source.replaceAll('\\/', '/').replaceAll('|', ' / ')}"`
      : code
    return `| ${tableCell(which)} | ${tableCell(meaning)} | ${waiting(wait)} | ${tableCell(fix)} | ${tableCell(reference)} |`
  })
  return [
    '# Error catalogue',
    '',
    'What errors of Microsoft Entra (AADSTS…) and Microsoft Graph mean, how to fix them, and whether `verify`, `rotate` and `doctor` wait.',
    '429 and 5xx are always waited for, as long as `Retry-After` says; of a code that is not listed its class is named. The source is',
    'the title of the page that says so. This page is written by `npm run docs` from',
    '[scripts/proof/catalogue/](../scripts/proof/catalogue).',
    '',
    '| code | means | waits | fix | source |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function waiting(wait: CatalogueEntry['wait']): string {
  if (typeof wait === 'string') return { never: 'no', always: 'yes', once: 'one more try' }[wait]
  return `while the ${wait.change} is younger than ${wait.youngerThanMinutes} min`
}
