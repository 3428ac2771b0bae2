import { z } from 'zod'
import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { restorableUntil } from '../../infra/retirement/retirement.ts'
import type { Policies } from '../../infra/rotation/policy.ts'

/** An application at its end: its sign-in is disabled, or it was deleted and can still be restored. */
export const retiringApp = z.object({
  app: z.string(),
  phase: z.enum(['disabled', 'deleted']),
  since: z.string().describe('When its sign-in was disabled, or when it was deleted'),
  deleteFrom: z.string().exactOptional().describe('Earliest moment it may be deleted'),
  restorableUntil: z.string().exactOptional().describe('How long Entra can restore what was deleted'),
  uses: z
    .array(z.object({ what: z.string().describe('Such as: signed in by itself'), at: z.string() }))
    .exactOptional()
    .describe(
      "When it was last used in each way, the latest first, from the tenant's reports; left out where there are none",
    ),
  due: z.boolean().describe('It may be deleted now'),
  next: z.string().exactOptional().describe('What is to be done'),
})

export type RetiringApp = z.infer<typeof retiringApp>

/** When an application was used, as `retire` reads it. */
export interface ReportedUsage {
  readonly uses: readonly { readonly what: string; readonly at: string }[]
  readonly unknown: readonly string[]
}

export interface RetirementsInput {
  readonly outputs: Pick<StackOutputs, 'apps' | 'deletedApps'>
  /** Of every application that is declared. */
  readonly policies: Policies
  /** By application. Default: nobody may ask. */
  readonly usages?: ReadonlyMap<string, ReportedUsage>
  readonly now: Date
}

/** The applications of a stack that are at their end. */
export function retiringApps({ outputs, policies, usages, now }: RetirementsInput): RetiringApp[] {
  const disabled = Object.entries(outputs.apps).flatMap(([app, { retirement }]): RetiringApp[] => {
    if (!retirement) return []
    const { since, deleteFrom } = retirement
    const usage = usages?.get(app)
    const due = Date.parse(deleteFrom) <= now.getTime()
    return [
      {
        app,
        phase: 'disabled',
        since,
        deleteFrom,
        ...(usage && (usage.uses.length > 0 || usage.unknown.length === 0) && { uses: [...usage.uses] }),
        due,
        next: due ? `run \`retire ${app}\`, which deletes it` : `run \`retire ${app}\` from then on`,
      },
    ]
  })
  const deleted = Object.entries(outputs.deletedApps ?? {}).map(
    ([app, gone]): RetiringApp => ({
      app,
      phase: 'deleted',
      since: gone.at,
      restorableUntil: restorableUntil(gone),
      due: false,
      ...(Object.hasOwn(policies, app) && { next: 'remove it from the declaration' }),
    }),
  )
  return [...disabled, ...deleted]
}
