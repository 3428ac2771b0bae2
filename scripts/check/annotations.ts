import { join } from 'node:path'
import { neutralise } from '../lib/neutralise.ts'
import type { CheckReport } from './check.ts'

/**
 * Workflow commands that show each finding beside its line in GitHub ("Workflow commands for GitHub Actions").
 *
 * @param folder of the project in the repository
 */
export function renderAnnotations({ findings }: CheckReport, folder: string): string {
  return findings
    .map(({ severity, code, message, fix, place }) => {
      const file = property(join(folder, place.file).replaceAll('\\', '/'))
      const where = `file=${file},line=${place.line},col=${place.column},title=${property(code)}`
      return `::${severity} ${where}::${data(`${message}. To fix it: ${fix}.`)}`
    })
    .join('\n')
}

function data(text: string): string {
  return neutralise(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
