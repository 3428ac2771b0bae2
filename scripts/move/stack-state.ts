import { z } from 'zod'
import { type MovedEntries, movedEntries } from '../../infra/contract/move.ts'
import { CommandError } from '../lib/errors.ts'
import { resourceOf } from '../stack/engine-events.ts'

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  /** It is only waiting to be deleted; a live one may have the same URN. */
  delete: z.boolean().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  deletedWith: z.string().optional(),
  replaceWith: z.array(z.string()).nullish(),
  initErrors: z.array(z.string()).nullish(),
  outputs: z.record(z.string(), z.unknown()).optional(),
})

/** The part of `pulumi stack export` that is read; secret values are encrypted in it. */
const exported = z.object({
  deployment: z
    .object({
      resources: z.array(resource).optional(),
      pending_operations: z.array(z.unknown()).optional(),
    })
    .nullable(),
})

type Resource = z.infer<typeof resource>

const STACK = 'pulumi:pulumi:Stack'

/** Where the entries of each type are declared. */
const SECTIONS = {
  'entra-apps:index:AppRegistration': 'apps',
  'entra-apps:index:Identity': 'identities',
} as const

export type Section = (typeof SECTIONS)[keyof typeof SECTIONS]

/** An application or identity in the state of a stack. */
export interface Entry {
  readonly name: string
  readonly section: Section
  /** Of the component. */
  readonly urn: string
  /** Everything below the component. */
  readonly objects: readonly Resource[]
}

/** What a move needs of a stack's state. */
export interface StackState {
  /** By name. */
  readonly entries: ReadonlyMap<string, Entry>
  readonly outputs: MovedEntries
  /** Of the stack's own resource; left out before the first deployment. */
  readonly root?: string
  /** A deployment was interrupted, and left something undecided. */
  readonly isUnfinished: boolean
  /** Pairs of entries of which the first needs the second. */
  readonly needs: readonly (readonly [string, string])[]
}

/**
 * Reads what `pulumi stack export` prints.
 *
 * @throws CommandError STATE_UNREADABLE
 */
export function readStackState(json: string): StackState {
  const { resources = [], pending_operations: pending = [] } = parse(json).deployment ?? {}
  const root = resources.find(({ type, parent }) => type === STACK && parent === undefined)
  const outputs = root?.outputs ?? {}
  const entries = entriesIn(resources)
  return {
    entries,
    outputs: {
      apps: movedEntries.shape.apps.safeParse(outputs['apps']).data ?? {},
      identities: movedEntries.shape.identities.safeParse(outputs['identities']).data ?? {},
      ledger: movedEntries.shape.ledger.safeParse(outputs['ledger']).data ?? {},
    },
    ...(root && { root: root.urn }),
    isUnfinished:
      pending.length > 0 ||
      resources.some((each) => each.delete === true || (each.initErrors ?? []).length > 0),
    needs: needsOf(entries),
  }
}

/** Without the cause, which may quote the state. */
function parse(json: string): z.infer<typeof exported> {
  try {
    return exported.parse(JSON.parse(json))
  } catch {
    throw new CommandError(
      'STATE_UNREADABLE',
      'pulumi stack export printed something that is not a state. Run it by hand to see what it says.',
    )
  }
}

function entriesIn(resources: readonly Resource[]): StackState['entries'] {
  const children = Map.groupBy(resources, ({ parent }) => parent)
  const below = (urn: string): Resource[] =>
    (children.get(urn) ?? []).flatMap((each) => [each, ...below(each.urn)])
  return new Map(
    resources.flatMap(({ urn, type }) => {
      const section = Object.hasOwn(SECTIONS, type) ? SECTIONS[type as keyof typeof SECTIONS] : undefined
      const { name } = resourceOf(urn)
      return section ? [[name, { name, section, urn, objects: below(urn) }] as const] : []
    }),
  )
}

/** The state knows from which object each argument came, whatever the declaration called it. */
function needsOf(entries: StackState['entries']): StackState['needs'] {
  const owners = new Map(
    [...entries.values()].flatMap(({ name, urn, objects }) =>
      [urn, ...objects.map((each) => each.urn)].map((each) => [each, name] as const),
    ),
  )
  const pairs = [...entries.values()].flatMap(({ name, objects }) => {
    const needed = new Set(objects.flatMap(dependenciesOf).map((urn) => owners.get(urn)))
    return [...needed].flatMap((other) =>
      other === undefined || other === name ? [] : [[name, other] as const],
    )
  })
  return pairs
}

function dependenciesOf(each: Resource): string[] {
  return [
    ...(each.dependencies ?? []),
    ...Object.values(each.propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
    ...(each.replaceWith ?? []),
    ...(each.deletedWith ? [each.deletedWith] : []),
  ]
}
