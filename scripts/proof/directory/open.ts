import { decodeJwt } from 'jose'
import type { Deployer } from '../connection/deployer.ts'
import type { Endpoints } from '../connection/endpoints.ts'
import type { ProofPorts } from '../model/ports.ts'
import { ApisReader } from './apis.ts'
import { GrantsReader } from './grants.ts'
import { DirectoryReader, type Read } from './reader.ts'

/** The directory as the deployer may read it. */
export interface Directory {
  readonly reader: DirectoryReader
  readonly apis: ApisReader
  readonly grants: GrantsReader
  /** Where the tenant's login pages are. */
  readonly loginUrl: string
  /** Who reads. */
  readonly identity: DeployerIdentity
}

/** The deployer as its own token describes it. */
export interface DeployerIdentity {
  /** Object id of its service principal, or of the user. */
  readonly objectId: string
  /** Empty for a user. */
  readonly clientId: string
  /** Application permissions on Graph; for a user, the delegated ones. */
  readonly permissions: readonly string[]
  readonly isUser: boolean
  /** Template ids of its directory roles, as far as the token names them. */
  readonly directoryRoles: readonly string[]
}

/** In every app-only token for Graph: stands for "no directory role". */
const NO_DIRECTORY_ROLE = '0997a1d0-0d1d-4acb-b408-d5ca73121e90'
/** Likewise for people: an ordinary member. */
const MEMBER = 'b79fbf4d-3ef9-4689-8143-76b194e85509'

/** Logs the deployer in, which is all that happens: nothing is read yet. */
export async function openDirectory(
  ports: ProofPorts,
  deployer: Deployer,
  { loginUrl }: Endpoints,
  signal?: AbortSignal,
): Promise<Read<Directory>> {
  const reader = new DirectoryReader(ports, deployer, signal)
  const token = await reader.token()
  if (!token.ok) return token
  const apis = new ApisReader(reader)
  const grants = new GrantsReader(reader, apis)
  return { ok: true, value: { reader, apis, grants, loginUrl, identity: identityIn(token.value) } }
}

/** Reads who a token is for ("Access token claims reference"). */
function identityIn(token: string): DeployerIdentity {
  const claims = decodeJwt(token)
  const scopes = typeof claims['scp'] === 'string' ? claims['scp'].split(' ') : undefined
  const list = (claim: string) => (Array.isArray(claims[claim]) ? claims[claim].map(String) : [])
  return {
    objectId: String(claims['oid'] ?? ''),
    clientId: String(claims['appid'] ?? claims['azp'] ?? ''),
    permissions: scopes ?? list('roles'),
    isUser: scopes !== undefined,
    directoryRoles: list('wids').filter((id) => id !== NO_DIRECTORY_ROLE && id !== MEMBER),
  }
}
