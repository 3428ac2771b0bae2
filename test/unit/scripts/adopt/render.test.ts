import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { renderAdoption } from '../../../../scripts/adopt/render.ts'
import type { AdoptionReport } from '../../../../scripts/adopt/report.ts'

const adopted: AdoptionReport['adopted'][number] = {
  app: 'files',
  displayName: 'Files',
  clientId: 'client',
  objectId: 'object',
  file: 'apps/files.yaml',
  yaml: 'displayName: Files\n',
  imports: 2,
  suppressed: [],
  leftAlone: [],
  foreign: [],
}
const report: AdoptionReport = {
  adopted: [adopted],
  dryRun: false,
  notAdoptable: [],
  alreadyManaged: [],
  deletedNamesakes: [],
  otherStacks: [],
}
const rendered = (change: Partial<AdoptionReport>) =>
  renderAdoption({ ...report, ...change }, pc.createColors(false))

describe('renderAdoption', () => {
  it('says what was done', () => {
    expect(rendered({})).toBe(
      'adopted Files (client) is adopted as "files": 2 objects, apps/files.yaml\n\nNothing in the directory was changed, and `pulumi preview` is empty.',
    )
  })

  it('shows the file of a dry run', () => {
    expect(rendered({ dryRun: true })).toMatch(
      /^adoptable Files .*\n\ndisplayName: Files\n[\s\S]*nothing written\.$/,
    )
  })

  it('says how to replace foreign credentials, and what removes each', () => {
    const foreign = (['application', 'service principal'] as const).map((of) => ({
      kind: 'secret' as const,
      of,
      keyId: `key of ${of}`,
      displayName: '',
      endDate: '2027-01-01T00:00:00Z',
    }))
    const text = rendered({ adopted: [{ ...adopted, foreign }] })
    expect(text).toContain(
      '- secret "without a name" of the application, key id key of application, until 2027-01-01',
    )
    expect(text).toMatch(
      /az ad app credential delete --id client .*, or az ad sp credential delete --id client/,
    )
  })

  it('points at deleted namesakes, at other stacks, and at what cannot be adopted', () => {
    const text = rendered({
      deletedNamesakes: [
        { objectId: 'o', clientId: 'c', displayName: 'Files', deletedAt: '2026-11-01T00:00:00Z' },
      ],
      otherStacks: ['prod'],
      notAdoptable: [{ displayName: 'Bare', clientId: 'b', reasons: ['no service principal'] }],
      alreadyManaged: ['other'],
    })
    expect(text).toContain('Files (c), deleted at 2026-11-01T00:00:00Z')
    expect(text).toContain('prod would register it anew')
    expect(text).toContain('entra-apps:apps: { files: null }')
    expect(text).toContain('not adoptable Bare (b)\n  - no service principal')
    expect(text).toContain('Already in the stack: other.')
  })

  it('says when there was nothing to do', () => {
    expect(rendered({ adopted: [] })).toBe('Nothing was adopted, and nothing was changed.')
  })
})
