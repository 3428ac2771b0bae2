import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES, parseSeed } from '../../tenant/index.ts'
import { EXAMPLES, type Example } from '../support/examples.ts'
import { type Ended, openStage, type Stage } from '../support/stage.ts'
import { upSteps } from '../support/steps.ts'

/** People and groups are looked up by name, and become owners of what exists already; directory roles, roles on sites and claims are given. */
const ROLES = [
  ...LEAST_PRIVILEGE_DEPLOYER_ROLES,
  'Directory.Read.All',
  'RoleManagement.ReadWrite.Directory',
  'Policy.ReadWrite.ApplicationConfiguration',
  'Sites.FullControl.All',
]

/** Examples whose stacks have the same settings share a stack, and with it one start of the engine for each step. */
const stacks = [...Map.groupBy(EXAMPLES, ({ config }) => JSON.stringify(config)).values()]

describe.sequential.each(stacks.map((examples) => [examples[0]?.config, examples] as const))(
  'the examples with the settings %o',
  (settings, examples) => {
    let stage: Stage
    let steps: readonly string[]
    beforeAll(async () => {
      stage = await openStage({ deployerRoles: ROLES })
      await stage.declare({}, settings)
      for (const example of examples) await place(example, stage)
    })
    afterAll(() => stage?.close())

    const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)
    const isStill = async () => {
      ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
      ok(await stage.pulumi('refresh', '--yes', '--expect-no-changes'))
    }
    const isProved = async () => ok(await stage.cli('verify', '--live', '--successes', '1'))

    it('have applications and files of different names, since they share a project', () => {
      const names = examples.flatMap((example) => [...namesIn(example), ...example.files])
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    })

    it('come up, without a warning', async () => {
      const ended = await stage.cli('up')
      ok(ended)
      expect(ended.output).not.toMatch(/warning/i)
    })

    it('are not changed by a second run or a refresh', isStill)

    it('are proved, identities without a registration too', async () => {
      const ended = await stage.cli('verify', '--live', '--successes', '1')
      ok(ended)
      const identities = examples.flatMap((example) => Object.keys(example.identities))
      for (const name of identities) expect(ended.stdout).toContain(`${name} (invoice-`)
    })

    it('are changed', async () => {
      const changed = (kind: 'apps' | 'identities') =>
        Object.assign({}, ...examples.map(({ change }) => change[kind] ?? {}))
      await stage.declare(changed('apps') as Record<string, AppDeclarationInput>, {
        ...settings,
        'entra-apps:identities': changed('identities'),
      })
      steps = await upSteps(stage)
      const owners = examples.flatMap(namesIn)
      expect(steps.filter((step) => ownerOf(step, owners) === undefined)).toEqual([])
    })

    it.each(examples)('$name: the change touches just what it says', (example) => {
      const owners = examples.flatMap(namesIn)
      const own = steps.filter((step) => namesIn(example).includes(ownerOf(step, owners) ?? ''))
      expect([...own].sort()).toEqual([...example.change.touches].sort())
    })

    it('are not changed by a second run or a refresh after that', isStill)

    it('are proved after that', isProved)

    it('go away without a trace', async () => {
      ok(await stage.pulumi('destroy', '--yes'))
      const { deployment } = JSON.parse((await stage.pulumi('stack', 'export')).stdout)
      expect(deployment.resources ?? []).toEqual([])
    })
  },
)

/** Puts an example's files into the project of the stage, and what it expects into the tenant. */
async function place({ dir, name, seed, files, folders }: Example, stage: Stage): Promise<void> {
  for (const entry of [...folders, ...files]) {
    await cp(join(dir, entry), join(stage.dir, entry), { recursive: true })
  }
  if (seed !== undefined) stage.tenant.control.seed(parseSeed(seed, `${name}/seed.yaml`))
}

function namesIn({ apps, identities, change }: Example): string[] {
  return [...new Set([apps, identities, change.apps ?? {}, change.identities ?? {}].flatMap(Object.keys))]
}

/** The application that a step's resource belongs to: its name begins with the application's. */
function ownerOf(step: string, apps: readonly string[]): string | undefined {
  const resource = step.split(' ').at(-1) ?? ''
  return apps
    .filter((app) => resource === app || resource.startsWith(`${app}-`))
    .reduce<string | undefined>(
      (longest, app) => (app.length > (longest?.length ?? 0) ? app : longest),
      undefined,
    )
}
