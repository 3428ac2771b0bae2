import { z } from 'zod'
import { CommandError } from '../lib/errors.ts'

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  initErrors: z.array(z.string()).nullish(),
  outputs: z.record(z.string(), z.unknown()).optional(),
})

type Resource = z.infer<typeof resource>

/** The part of `pulumi stack export` that is read: what exists, and what a killed engine left undecided. */
const exported = z.object({
  deployment: z
    .object({
      resources: z.array(resource).optional(),
      pending_operations: z
        .array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) }))
        .optional(),
    })
    .nullable(),
})

/** An operation that was under way when the engine was killed. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, … */
  readonly kind: string
  readonly urn: string
}

/** A client secret or certificate that the state knows. */
export interface StateCredential {
  /** Name of the resource, such as `file-manager-onedrive-g4`. */
  readonly name: string
  readonly kind: 'secret' | 'certificate'
  readonly keyId: string
  /** RFC 3339. */
  readonly startDate: string
  /** RFC 3339. */
  readonly endDate: string
}

export interface EngineState {
  readonly credentials: readonly StateCredential[]
  /** Key ids of every client secret and certificate that the state knows. */
  readonly keyIds: ReadonlySet<string>
  /** Names of the applications that the state knows, by the provider's id: `/applications/{object id}`. */
  readonly applications: ReadonlyMap<string, string>
  /** URNs of the protected resources by the name of their application. */
  readonly protected: ReadonlyMap<string, readonly string[]>
  readonly pending: readonly PendingOperation[]
  /** An object was created, but not finished: the state lacks what the tenant gave it, such as a client id. */
  readonly hasUnfinished: boolean
  /** No object of the tenant belongs to the stack, and none was being created. */
  readonly isEmpty: boolean
}

const APPLICATION_TYPE = 'azuread:index/application:Application'
const REGISTRATION_TYPE = 'entra-apps:index:AppRegistration::'
const CREDENTIAL_TYPES: readonly string[] = [
  'azuread:index/applicationPassword:ApplicationPassword',
  'azuread:index/applicationCertificate:ApplicationCertificate',
]

/** Where the key of a certificate is kept before the certificate goes to the tenant. */
const STASH_TYPE = 'pulumi:index:Stash'

/**
 * Reads what `pulumi stack export` prints; no secrets are needed for it.
 *
 * @throws CommandError STATE_UNREADABLE
 */
export function readEngineState(json: string): EngineState {
  const { deployment } = parseExport(json)
  const resources = deployment?.resources ?? []
  const credentials = resources.flatMap(credentialIn)
  const applications = resources.filter(({ type }) => type === APPLICATION_TYPE)
  const pending = deployment?.pending_operations ?? []
  const registrationOf = new Map(
    resources.flatMap(({ urn, parent = '' }) =>
      parent.includes(REGISTRATION_TYPE) ? [[urn, nameOf(parent)]] : [],
    ),
  )
  return {
    applications: new Map(applications.map(({ id = '', urn }) => [id, nameOf(urn)])),
    credentials,
    keyIds: new Set(credentials.map(({ keyId }) => keyId)),
    protected: Map.groupBy(
      resources.filter(({ protect }) => protect).map(({ urn }) => urn),
      (urn) => registrationOf.get(urn) ?? '',
    ),
    pending: pending.map(({ type, resource }) => ({ kind: type, urn: resource.urn })),
    hasUnfinished: resources.some(({ initErrors }) => (initErrors ?? []).length > 0),
    isEmpty: pending.length === 0 && !resources.some(({ type }) => type.startsWith('azuread:')),
  }
}

function credentialIn({ type, urn, outputs }: Resource): StateCredential[] {
  if (!CREDENTIAL_TYPES.includes(type) || !outputs?.['keyId']) return []
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return [
    {
      name: nameOf(urn),
      kind: type === CREDENTIAL_TYPES[0] ? 'secret' : 'certificate',
      keyId: text(outputs['keyId']),
      startDate: text(outputs['startDate']),
      endDate: text(outputs['endDate']),
    },
  ]
}

function nameOf(urn: string): string {
  return urn.split('::').at(-1) ?? urn
}

function parseExport(json: string): z.infer<typeof exported> {
  try {
    return exported.parse(JSON.parse(json))
  } catch {
    // Without the cause, which may quote the state.
    const message =
      'pulumi stack export printed something that is not a state. Run it by hand to see what it says.'
    throw new CommandError('STATE_UNREADABLE', message)
  }
}

/**
 * Whether a pending operation needs no decision. A client secret that was being issued is in nobody's hands: its value
 * was lost with the engine. A certificate is registered once more with the key that the state has, and a copy that
 * the tenant took is found by its thumbprint. A stash is nowhere but in the state. And what is in the state already
 * can be asked about by a refresh.
 */
export function isHarmless({ kind, urn }: PendingOperation): boolean {
  return kind !== 'creating' || [...CREDENTIAL_TYPES, STASH_TYPE].some((type) => urn.includes(`$${type}::`))
}

/** Who holds a lock of the stack; every back end but Pulumi Cloud says so. */
export interface Lock {
  readonly host: string
  readonly pid: number
  /** RFC 3339, in whole seconds. */
  readonly since: string
  /** The lock as an object of the back end, a password left out: `postgres://…/.pulumi/locks/…json`. */
  readonly place: string
}

/**
 * Reads the refusal of an engine that found the stack locked.
 *
 * @returns undefined when that is not what it says; without a lock when a back end says so without naming anybody
 */
export function locksIn(output: string): readonly Lock[] | undefined {
  if (!/currently locked|another update is currently in progress/i.test(output)) return undefined
  const named = output.matchAll(/(\S+): created by \S+@(\S+) \(pid (\d+)\) at (\S+)/g)
  return [...named].map(([, place = '', host = '', pid = '', since = '']) => ({
    host,
    pid: Number(pid),
    since,
    place,
  }))
}
