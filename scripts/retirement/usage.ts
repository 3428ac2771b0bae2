import type { AppOutputs } from '../../infra/contract/outputs.ts'
import type { Explained } from '../proof/catalogue/index.ts'
import { object, optionalText, text } from '../proof/directory/members.ts'
import type { DirectoryReader, Entity, Read } from '../proof/directory/reader.ts'

/** The last time that an application was used in one way. */
export interface Use {
  /** In the words of a sentence that begins with the application: `signed in by itself`. */
  readonly what: string
  /** RFC 3339. */
  readonly at: string
}

/** When an application was used, as far as the tenant tells. */
export interface Usage {
  /** The latest first. */
  readonly uses: readonly Use[]
  /** What is not known, and which permission or licence it takes. Empty when everything is. */
  readonly unknown: readonly string[]
}

/** The kinds of flows in the report, as Microsoft Graph beta names them ("servicePrincipalSignInActivity resource type"). */
const FLOWS = {
  applicationAuthenticationClientSignInActivity: 'signed in by itself',
  delegatedClientSignInActivity: 'signed a user in',
  applicationAuthenticationResourceSignInActivity: 'was called by an application',
  delegatedResourceSignInActivity: 'was called for a user',
  lastSignInActivity: 'signed in or was called',
} as const

const NEEDS = 'AuditLog.Read.All is needed, and Microsoft Entra ID P1 or P2.'

/** The application that is asked about. */
type Asked = Pick<AppOutputs, 'clientId' | 'secrets' | 'certificates'>

/** Reads when an application and its credentials were last used. The tenant's reports are hours behind. */
export async function readUsage(reader: DirectoryReader, app: Asked): Promise<Usage> {
  return (await readUsages(reader, [app]))[0]!
}

/** The same for several applications, in their order. */
export async function readUsages(reader: DirectoryReader, apps: readonly Asked[]): Promise<Usage[]> {
  const [credentials, ...signIns] = await reader.lists(
    ['/reports/appCredentialSignInActivities', ...apps.map(signInsOf)],
    'beta',
  )
  return apps.map((app, i) => usageOf(app, signIns[i]!, credentials!))
}

function signInsOf({ clientId }: Asked): string {
  const filter = encodeURIComponent(`appId eq '${clientId}'`)
  return `/reports/servicePrincipalSignInActivities?$filter=${filter}`
}

function usageOf(
  { clientId, ...app }: Asked,
  signIns: Read<readonly Entity[]>,
  credentials: Read<readonly Entity[]>,
): Usage {
  const names = credentialNames(app)
  const uses = [
    ...found(signIns).flatMap((activity) => usesIn(activity, clientId)),
    ...found(credentials).flatMap((each) => {
      const keyId = text(each, 'keyId')
      const what = `used ${names.get(keyId) ?? `the credential ${keyId}`}`
      return text(each, 'appId') === clientId ? useOf(what, object(each, 'signInActivity')) : []
    }),
  ]
  return {
    uses: uses.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)),
    unknown: [
      ...missing('When it last signed in', signIns),
      ...missing('When its credentials were last used', credentials),
    ],
  }
}

function found(read: Read<readonly Entity[]>): readonly Entity[] {
  return read.ok ? read.value : []
}

/** The sum of the flows is only said where none of them is. */
function usesIn(activity: Entity, clientId: string): Use[] {
  if (text(activity, 'appId') !== clientId) return []
  const uses = Object.entries(FLOWS).flatMap(([flow, what]) => useOf(what, object(activity, flow)))
  const latest = uses.at(-1)
  return latest && uses.slice(0, -1).some(({ at }) => at === latest.at) ? uses.slice(0, -1) : uses
}

function useOf(what: string, activity: Entity): Use[] {
  const at = optionalText(activity, 'lastSignInDateTime')
  return at === undefined || Number.isNaN(Date.parse(at)) ? [] : [{ what, at }]
}

function missing(what: string, read: Read<unknown>): string[] {
  return read.ok ? [] : [`${what} is not known: ${NEEDS} ${answerOf(read.failure)}`]
}

function answerOf({ code, message }: Explained): string {
  return `The answer was ${code}: ${message}`
}

function credentialNames({ secrets, certificates }: Pick<AppOutputs, 'secrets' | 'certificates'>) {
  const named = ([name, all]: readonly [
    string,
    readonly { keyId: string; generation?: number | undefined }[],
  ]) =>
    all.map(
      ({ keyId, generation }) => [keyId, generation === undefined ? name : `${name} g${generation}`] as const,
    )
  return new Map([...Object.entries(secrets), ...Object.entries(certificates)].flatMap(named))
}
