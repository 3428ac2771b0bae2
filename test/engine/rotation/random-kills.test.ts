import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnBackends, NIGHTLY } from '../../support/backends/index.ts'
import { deployerGraph } from '../../support/rehearsal.ts'
import { killPlan } from './kill-plan.ts'
import { openKillStage } from './kill-stage.ts'

const SEED = Number(process.env['ENTRA_APPS_SEED'] ?? 1)

/** For each back end; a change tries one. */
const KILLS = Number(process.env['ENTRA_APPS_KILLS'] ?? (NIGHTLY ? 38 : 6))

/** One stack from kill to kill, while three consumers request tokens. docs/reliability.md has the figures. */
describeOnBackends(
  `kills at random moments (seed ${SEED})`,
  (backend) => {
    let killing: Awaited<ReturnType<typeof openKillStage>>
    beforeAll(async () => {
      killing = await openKillStage(backend)
    })
    afterAll(() => killing?.close())

    const plan = killPlan(SEED, KILLS).map((kill, index) => ({
      ...kill,
      number: index + 1,
      percent: Math.round(kill.at * 100),
    }))

    it.each(plan)('$number: the $victim, while $command is at $percent %', async (kill) => {
      const { recovery, unknown, undecided, refused } = await killing.kill(kill)
      expect(recovery.code, recovery.output).toBe(0)
      expect(undecided).toEqual([])
      expect(unknown).toEqual([])
      expect(refused).toEqual([])
      const { rotation } = killing
      const [one, two] = [await rotation.read('one.env'), await rotation.read('two.env')]
      expect(one).toBe(two)
      expect(await rotation.token(one)).toBe('issued')
    })

    it('leaves each application once, and nothing to deploy', async () => {
      const { stage, rotation } = killing
      await rotation.expectUnchanged('after all kills')
      const graph = await deployerGraph(stage.tenant)
      const { value } = await graph('GET', '/applications?$select=displayName&$top=999')
      const names = (value as { displayName: string }[]).map(({ displayName }) => displayName)
      expect(names.length).toBe(new Set(names).size)
    })

    it('refused no consumer', async () => {
      const served = await killing.consumers.stop()
      console.info(`${backend}: ${KILLS} kills; tokens ${JSON.stringify(served)}`)
      expect(served.refused).toEqual([])
      expect(served.issued).toBeGreaterThan(KILLS)
    })
  },
  'nightly',
)
