import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forgetProofs, readProofs, recordProofs } from '../../../../scripts/proof/last-proofs.ts'
import type { CredentialProof, ProofReport } from '../../../../scripts/proof/model/report.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'
import { SAMPLE } from './sample-report.ts'

const FIRST = '2026-03-01T00:00:00.000Z'
const SECOND = '2026-03-02T00:00:00.000Z'

describe('the last proofs', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-proofs-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const [sampleApp] = SAMPLE.apps
  const credential = (verdict: CredentialProof['verdict'], label = 'partner', keyId?: string) => ({
    ...sampleApp!.credentials[0]!,
    verdict,
    label,
    keyId,
  })
  const report = (startedAt: string, verdict: ProofReport['verdict'], ...credentials: object[]) =>
    ({ ...SAMPLE, startedAt, apps: [{ ...sampleApp!, clientId: 'c', verdict, credentials }] }) as ProofReport
  const file = () => join(dir, '.entra-apps/proofs/c.json')
  const read = () => readProofs(dir, { apps: { files: PLAIN_APP } }).get('c')

  it('are remembered by key id, else by name, without what was found', async () => {
    recordProofs(dir, report(FIRST, 'wrong', credential('wrong', 'main g1', 'k1'), credential('proved')))
    expect(read()).toEqual({
      schemaVersion: 1,
      app: { at: FIRST, verdict: 'wrong' },
      credentials: {
        k1: { at: FIRST, verdict: 'wrong' },
        partner: { at: FIRST, verdict: 'proved', provedAt: FIRST },
      },
    })
    expect(await readFile(file(), 'utf8')).not.toContain('Lovelace')
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir, '.entra-apps/proofs'))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(dir, '.entra-apps/proofs'))).toEqual(['c.json'])
  })

  it('keep the last success, and what a later run could not prove from where it ran', () => {
    recordProofs(dir, report(FIRST, 'proved', credential('proved'), credential('proved', 'main g1', 'k1')))
    recordProofs(
      dir,
      report(SECOND, 'notReady', credential('unproved'), credential('wrong', 'main g1', 'k1')),
    )
    expect(read()).toMatchObject({
      app: { at: SECOND, verdict: 'notReady', provedAt: FIRST },
      credentials: {
        partner: { at: FIRST, verdict: 'proved', provedAt: FIRST },
        k1: { at: SECOND, verdict: 'wrong', provedAt: FIRST },
      },
    })
  })

  it('stay those of the run that began last, whichever ends first', () => {
    recordProofs(dir, report(SECOND, 'proved', credential('proved', 'main g2', 'k2')))
    const later = read()
    recordProofs(dir, report(FIRST, 'wrong', credential('wrong', 'main g1', 'k1')))
    expect(read()).toEqual(later)
  })

  it('forget credentials that are gone, and replace a file that cannot be read', async () => {
    recordProofs(dir, report(FIRST, 'proved', credential('proved', 'main g1', 'k1')))
    recordProofs(dir, report(SECOND, 'proved', credential('proved', 'main g2', 'k2')))
    expect(Object.keys(read()?.credentials ?? {})).toEqual(['k2'])
    await writeFile(file(), '{ "schemaVersion": 2 }')
    expect(read()).toBeUndefined()
    recordProofs(dir, report(SECOND, 'proved'))
    expect(read()).toMatchObject({ app: { verdict: 'proved' } })
  })

  it('are forgotten when the application is deleted, and a year after nobody renews them', async () => {
    recordProofs(dir, report(FIRST, 'proved'))
    forgetProofs(dir, 'another')
    expect(read()).toBeDefined()
    forgetProofs(dir, 'c')
    expect(read()).toBeUndefined()

    const [old, recent] = ['old', 'recent'].map((name) => join(dir, `.entra-apps/proofs/${name}.json`))
    for (const [path, days] of [
      [old!, 367],
      [recent!, 365],
    ] as const) {
      await writeFile(path, '{}')
      const at = new Date(Date.now() - days * 86_400_000)
      await utimes(path, at, at)
    }
    recordProofs(dir, report(SECOND, 'proved'))
    expect(await readdir(join(dir, '.entra-apps/proofs'))).toEqual(['c.json', 'recent.json'])
  })
})
