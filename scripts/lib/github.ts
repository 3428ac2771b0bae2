import type { Octokit } from '@octokit/core'

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** What GitHub's API is asked with: GITHUB_TOKEN, else GH_TOKEN. */
export function githubToken(env: NodeJS.ProcessEnv): string | undefined {
  return env['GITHUB_TOKEN'] || env['GH_TOKEN']
}

/**
 * A client of GitHub's REST API, whose library is loaded when it is used. GITHUB_API_URL is the base address. Default:
 * https://api.github.com
 */
export async function openGithub(env: NodeJS.ProcessEnv): Promise<Octokit> {
  const library = await import('@octokit/core')
  const token = githubToken(env)
  const apiUrl = env['GITHUB_API_URL']
  return new library.Octokit({
    ...(token && { auth: token }),
    ...(apiUrl && { baseUrl: apiUrl.replace(/\/+$/, '') }),
    // Its own logger prints deprecations and warnings to the console.
    log: SILENT,
  })
}
