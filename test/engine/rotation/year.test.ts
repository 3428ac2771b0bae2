import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NIGHTLY } from '../../support/backends/index.ts'
import { type Ended, REPOSITORY, run } from '../../support/stage.ts'

/** Each change rehearses the first months. */
const DAYS = NIGHTLY ? 365 : 100
const ROTATIONS = Math.floor(DAYS / 30)

/** The command a newcomer runs, with every rotation by the real engine. */
describe('a year of rotations', () => {
  let dir: string
  let page: string
  let ended: Ended
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-year-test-'))
    page = join(dir, 'year.html')
    ended = await run(process.execPath, [
      join(REPOSITORY, 'scripts/main.js'),
      'demo',
      '--year',
      '--days',
      String(DAYS),
      '--html',
      page,
    ])
  }, 1_800_000)
  afterAll(() => rm(dir, { recursive: true, force: true }))

  it('never refuses a consumer, where replacing in place refuses many', () => {
    expect(ended.code, ended.output).toBe(0)
    const sentence =
      /(\d+) of (\d+) token requests were refused over (\d+) runs with (\d+) deployments of the real engine; (\d+) of (\d+) where the secret is replaced in place/
    const [refused, tokens, runs, deployments, refusedBeside, tokensBeside] = (
      sentence.exec(ended.stdout) ?? []
    )
      .slice(1)
      .map(Number)
    expect(refused).toBe(0)
    expect(tokens).toBeGreaterThan(16 * DAYS)
    expect(tokensBeside).toBeGreaterThan(16 * DAYS)
    expect(refusedBeside).toBeGreaterThan(DAYS / 8)
    // The first delivery, the rotations and as many retirements, or one less; two deployments for each rotation.
    expect(runs).toBeGreaterThanOrEqual(2 * ROTATIONS)
    expect(deployments).toBeGreaterThanOrEqual(3 * ROTATIONS)
  })

  it('shows the year on its page', async () => {
    const html = await readFile(page, 'utf8')
    expect(html.match(/class="generation"/g)).toHaveLength(ROTATIONS + 1)
    expect(html.match(/data-phase="retired"/g)?.length).toBeGreaterThanOrEqual(ROTATIONS - 1)
    expect(html).toContain('The same consumers, secret replaced in place')
  })

  it('says no secret', () => {
    expect(ended.output).not.toMatch(/8Q~/)
  })
})
