/*
 * Refuses a Node that cannot run this project, before any TypeScript is loaded.
 *
 * It has to parse and run on the very versions that it refuses: no imports, nothing newer than Node 12.
 * The local tenant's certificate is trusted through tls.setDefaultCACertificates, which came with 22.19 and 24.5 ("TLS (SSL)",
 * Node.js documentation); .ts files run without a flag from 22.18 and 23.6 on ("Modules: TypeScript").
 */

/**
 * Why a Node cannot run this project, and what to do; undefined when it can.
 *
 * @param {string} version such as "v20.11.1"
 * @param {unknown} [typescript] what process.features.typescript says; false means built or started without it
 * @returns {string | undefined}
 */
export function nodeProblem(version, typescript) {
  var parts = version.replace(/^v/, '').split('.')
  var major = Number(parts[0])
  var minor = Number(parts[1])
  var tooOld = major < 22 || (major === 22 && minor < 19) || major === 23 || (major === 24 && minor < 5)
  if (!tooOld && typescript !== false) return undefined
  return [
    tooOld
      ? `Node.js ${version} is too old: entra-apps needs 22.19, or 24.5 or newer.`
      : `Node.js ${version} was built or started without its TypeScript support, which entra-apps needs.`,
    'Install a newer one. In a checkout of entra-apps there is one: start the command through npm ("npm run demo"),',
    'or put it first on your PATH: export PATH="$PWD/node_modules/.bin:$PATH"',
  ].join('\n')
}

/**
 * Prints one message and ends the process with exit code 1 when this Node is too old. Call it before the first import of a
 * .ts file.
 *
 * @param {string} main import.meta.url of the caller: what `npm run build` has compiled runs without TypeScript support
 * @returns {void}
 */
export function requireNode(main) {
  var features = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (process.features))
  var problem = nodeProblem(process.version, isCompiled(main) || features.typescript)
  if (problem === undefined) return
  console.error(problem)
  process.exit(1)
}

/**
 * Whether a program is one of those that `npm run build` has compiled.
 *
 * @param {string} main its import.meta.url
 * @returns {boolean}
 */
export function isCompiled(main) {
  return /\/dist\/(infra\/program|scripts)\/main\.js$/.test(main)
}
