import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { APP_SCHEMA } from './editor.ts'

const FOLDER = join(import.meta.dirname, 'templates')

/** The text of a template, with `<<name>>` replaced by the value of that name. */
export function readTemplate(file: string, values: Readonly<Record<string, string>> = {}): string {
  const text = readFileSync(join(FOLDER, file), 'utf8')
  return text.replace(/<<(\w+)>>/g, (whole, name: string) => values[name] ?? whole)
}

/** The file of an application: a template under its name. */
export function appFromTemplate(template: string, name: string): string {
  const displayName = stringify(displayNameOf(name)).trim()
  const text = readTemplate(`${template}.yaml`, { name, displayName })
  return `# yaml-language-server: $schema=../${APP_SCHEMA}\n${text}`
}

/** `file-manager` → `File manager`. */
function displayNameOf(name: string): string {
  const words = name.replace(/-+/g, ' ').trim()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
