import { describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { PLACEHOLDER, releaseProblems } from '../../../packaging/release-problems.ts'

const GOOD = {
  tag: 'v1.2.0',
  manifest: { version: '1.2.0', repository: { url: 'git+https://github.com/contoso/entra-apps.git' } },
  changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.0 (2026-12-01)\n',
}

describe('releaseProblems', () => {
  it('finds none when tag, manifest and changelog agree', () => {
    expect(releaseProblems(GOOD)).toEqual([])
  })

  it('compares the tag with the version', () => {
    expect(releaseProblems({ ...GOOD, tag: '1.2.0' })).toEqual([
      'The tag is "1.2.0" and package.json says 1.2.0: expected v1.2.0.',
    ])
  })

  it('wants a section in the changelog', () => {
    expect(releaseProblems({ ...GOOD, changelog: '## Unreleased\n' })).toEqual([
      'CHANGELOG.md has no section "## 1.2.0". Rename "## Unreleased".',
    ])
  })

  it('refuses the placeholder of the owner', () => {
    const url = `git+https://github.com/${PLACEHOLDER}/entra-apps.git`
    expect(releaseProblems({ ...GOOD, manifest: { ...GOOD.manifest, repository: { url } } })).toEqual([
      `package.json: replace ${PLACEHOLDER} in repository, homepage and bugs.`,
    ])
  })
})

it('package.json names one repository everywhere', () => {
  const owner = /github\.com\/([^/]+)\/entra-apps/
  const owners = [manifest.repository.url, manifest.homepage, manifest.bugs].map(
    (url) => owner.exec(url)?.[1],
  )
  expect(new Set(owners).size).toBe(1)
  expect(owners[0]).toBeDefined()
})
