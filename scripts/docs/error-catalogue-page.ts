import type { CatalogueEntry } from '../proof/catalogue/index.ts'

/** docs/error-catalogue.md: every refusal that is explained. */
export function errorCataloguePage(entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(({ code, message, meaning, wait, fix, reference }) => {
    const which = message
      ? `${code}, "${message.source.replaceAll('\\/', '/').replaceAll('|', ' / ')}"`
      : code
    return `| ${cell(which)} | ${cell(meaning)} | ${waiting(wait)} | ${cell(fix)} | ${cell(reference)} |`
  })
  return [
    '# Error catalogue',
    '',
    'What `verify`, `rotate` and `doctor` say about a refusal, and whether they wait. Written from',
    '[scripts/proof/catalogue/](../scripts/proof/catalogue) by `npm run docs`; the source is the title of the page the fact is from.',
    '429 and 5xx are always waited for, as long as `Retry-After` says; of a code that is not listed its class is said.',
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

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
