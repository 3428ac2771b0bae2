/** The npm scripts of this repository that are commands of the package as well. */
const SCRIPT =
  /npm run (?:-s )?(tenant:env|tenant|up|doctor|verify|rotate|retire|move|deliver|report|stacks|inventory|adopt|demo|github-subject)\b(?: --(?= ))?/g

/**
 * Messages name our commands as this repository runs them (`npm run rotate -- --now`). Said by the published package,
 * they name them as its users do (`npx entra-apps rotate --now`).
 *
 * @param from the module that speaks: the package is compiled, the repository is not
 */
export function asInvoked(message: string, from: string = import.meta.url): string {
  return from.endsWith('.js') ? message.replaceAll(SCRIPT, 'npx entra-apps $1') : message
}
