import { expect, it } from 'vitest'
import { foreignKeys } from '../../../../scripts/proof/directory/held-keys.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'

const key = (kind: 'secret' | 'certificate', displayName: string) => ({
  kind,
  displayName,
  endDate: undefined,
})
const given = { keyId: 'given', thumbprint: 'AB', subject: 'CN=given', endDate: '2027-01-01T00:00:00Z' }
const recorded = {
  generation: 1,
  phase: 'current' as const,
  issuedAt: '2026-01-01T00:00:00Z',
  endDate: '2026-07-01T00:00:00Z',
  keyId: 'ledger',
}

it('are those that neither state, ledger nor outputs know', () => {
  const held = new Map([
    [
      'files',
      new Map([
        ['state', key('secret', 'a')],
        ['ledger', key('secret', 'b')],
        ['given', key('certificate', 'c')],
        ['portal', key('secret', 'd')],
      ]),
    ],
    ['other', new Map([['theirs', key('certificate', '')]])],
  ])
  const known = {
    held,
    credentials: [
      { name: 'files-main-g2', kind: 'secret' as const, keyId: 'state', startDate: '', endDate: '' },
    ],
    outputs: {
      apps: { files: { ...PLAIN_APP, certificates: { given: [given] } } },
      ledger: { files: { main: [recorded] } },
    },
  }
  expect(foreignKeys(known)).toEqual([
    { app: 'files', keyId: 'portal', ...key('secret', 'd') },
    { app: 'other', keyId: 'theirs', ...key('certificate', '') },
  ])
  expect(foreignKeys({ ...known, held: undefined })).toEqual([])
})
