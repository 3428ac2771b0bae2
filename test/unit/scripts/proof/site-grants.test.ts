import { describe, expect, it } from 'vitest'
import { judgeProbe, siteProbes } from '../../../../scripts/proof/checks/probes.ts'
import type { Entity, Read } from '../../../../scripts/proof/directory/reader.ts'
import { surveySites } from '../../../../scripts/proof/directory/site-grants.ts'
import { answer } from './fake-ports.ts'

const FINANCE = 'https://contoso.sharepoint.com/sites/finance'
const ADDRESS = 'contoso.sharepoint.com:/sites/finance'
const ROOT = 'https://contoso.sharepoint.com'
const now = new Date('2026-03-01T12:00:00Z')

describe('surveySites', () => {
  const reader = (granted: Readonly<Record<string, readonly string[]>>) => ({
    lists: async (paths: readonly string[]) =>
      paths.map((): Read<readonly Entity[]> => {
        const ids = Object.keys(granted)
        return {
          ok: true,
          value: ids.map((id) => ({
            id,
            grantedToIdentitiesV2: [{ application: { id: id.toUpperCase() } }],
          })),
        }
      }),
    objects: async (paths: readonly string[]) =>
      paths.map(
        (path): Read<Entity> => ({ ok: true, value: { roles: granted[path.split('/').at(-1) ?? ''] } }),
      ),
  })
  const survey = async (granted: Readonly<Record<string, readonly string[]>>) => {
    const app = { clientId: 'app', sites: { [FINANCE]: 'write' } }
    const [checks = [], none] = await surveySites([app, { clientId: 'other' }], reader(granted))
    expect(none).toEqual([])
    return checks.map(({ status, name, explanation }) => [status, name, explanation?.code])
  }

  it('compares the role of the application itself, and of nobody else', async () => {
    expect(await survey({ other: ['read'], app: ['write'] })).toEqual([
      ['passed', `site ${FINANCE}`, undefined],
    ])
    expect(await survey({ app: ['read'] })).toEqual([['failed', `site ${FINANCE}`, 'SITE_ROLE_DIFFERS']])
    expect(await survey({ other: ['write'] })).toEqual([['failed', `site ${FINANCE}`, 'SITE_ROLE_MISSING']])
  })
})

describe('the probes of sites', () => {
  const texts = (urls: readonly string[], roles: readonly string[]) =>
    siteProbes(urls, roles).map(({ text }) => text)

  it('read each site, and one that grants nothing, where no permission reaches that', () => {
    const other = 'no other site: GET /sites/root'
    expect(texts([FINANCE], ['Sites.Selected', 'User.Read.All'])).toEqual([`GET /sites/${ADDRESS}`, other])
    expect(texts([FINANCE], ['Sites.Selected', 'Files.Read.All'])).toEqual([`GET /sites/${ADDRESS}`])
    expect(texts([FINANCE, ROOT], ['Sites.Selected'])).not.toContain(other)
    expect(texts([], ['Sites.Selected'])).toEqual([])
  })

  it('want the other site refused', () => {
    const probe = siteProbes([FINANCE], ['Sites.Selected'])[1]!
    const judge = (status: number) =>
      judgeProbe(probe, answer(status, { error: { code: 'accessDenied' } }), now)
    expect(judge(403)).toMatchObject({ outcome: 'passed' })
    expect(judge(200)).toMatchObject({ outcome: 'failed', failure: { code: 'SITE_NOT_REFUSED' } })
    expect(judge(503)).toMatchObject({ outcome: 'failed' })
  })
})
