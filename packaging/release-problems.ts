/** What stands in package.json until the project has a repository of its own. */
export const PLACEHOLDER = 'SET-THE-OWNER'

interface Release {
  readonly tag: string
  readonly manifest: { readonly version: string; readonly repository: { readonly url: string } }
  readonly changelog: string
}

/** Why a release cannot be made from this tag, each with its fix; empty when it can. */
export function releaseProblems({ tag, manifest, changelog }: Release): string[] {
  const { version, repository } = manifest
  return [
    ...(tag === `v${version}`
      ? []
      : [`The tag is "${tag}" and package.json says ${version}: expected v${version}.`]),
    ...(changelog.split('\n').some((line) => line.startsWith(`## ${version}`))
      ? []
      : [`CHANGELOG.md has no section "## ${version}". Rename "## Unreleased".`]),
    // npm refuses provenance when the manifest names another repository than the one that publishes.
    ...(repository.url.includes(PLACEHOLDER)
      ? [`package.json: replace ${PLACEHOLDER} in repository, homepage and bugs.`]
      : []),
  ]
}
