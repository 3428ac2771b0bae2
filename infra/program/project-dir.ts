import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Environment variable with the project directory, for engines that do not tell the program. */
export const PROJECT_DIR_VARIABLE = 'ENTRA_APPS_PROJECT_DIR'

/**
 * The directory of the Pulumi.yaml that is deployed: paths in declarations start there.
 *
 * Our own commands name it. Older language hosts hand the program a placeholder instead of it, and start it in the
 * directory of `main`; then it is the nearest one above where the shell started Pulumi (`PWD`), or above `main`.
 *
 * @param engine what the engine says
 * @param start where the program was started
 */
export function findProjectDir(engine: string, start: string, env: NodeJS.ProcessEnv): string {
  const named = env[PROJECT_DIR_VARIABLE]
  if (named) return named
  if (isProject(engine)) return engine
  return projectAbove(env['PWD'] ?? start) ?? projectAbove(start) ?? start
}

/** The nearest directory, from `start` upwards, that has a Pulumi.yaml. */
export function projectAbove(start: string): string | undefined {
  for (let dir = start; ; dir = dirname(dir)) {
    if (isProject(dir)) return dir
    if (dir === dirname(dir)) return undefined
  }
}

function isProject(dir: string): boolean {
  return existsSync(join(dir, 'Pulumi.yaml'))
}
