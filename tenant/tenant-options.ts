import type { Script } from './control/script.ts'
import type { Seed } from './control/seed-schema.ts'
import type { ListOrder } from './directory/directory.ts'
import type { Clock } from './lib/clock.ts'

/** How to run a tenant. */
export interface TenantOptions {
  /**
   * Directory of the tenant's state, created with mode 0700: `tenant.db`, `ca.pem`, `ca-key.pem`, `deployer-secret`,
   * `control-key`, `requests.log`, and `tenant.json` while it runs. One running tenant per directory.
   */
  readonly dataDir: string
  /** Id of the tenant in a new data directory, a GUID; default: a random one. */
  readonly tenantId?: string
  /** What the directory is to hold beside what it has, before anybody can ask for it. */
  readonly seed?: Seed
  /** Clock, replication lag and faults from the start. */
  readonly script?: Script
  /** Whether nobody needs the state after this process, so that nothing waits for the disk. Default: false. */
  readonly temporary?: boolean
  /** TCP port; default 0, which takes a free one. */
  readonly port?: number
  /** Address to listen on; default `127.0.0.1`. Anything but loopback is refused. */
  readonly host?: string
  /**
   * The clock for issuing, checking and expiry; default: the system's. `control.clock` moves the tenant's time away from
   * it, and the data directory remembers by how much. TLS certificates always follow the system's.
   */
  readonly now?: Clock
  /** Takes one line per request, and failures; never a secret or a token. Default: nowhere. */
  readonly log?: (line: string) => void
  /**
   * `reversed`: lists that are sets by nature, such as redirectUris, appRoles and requiredResourceAccess, are read back in
   * another order than they were written in, as the real service may do. Default: `written`.
   */
  readonly listOrder?: ListOrder
  /**
   * Application permissions of Microsoft Graph that the seeded deployer gets. Default in a new data directory: what
   * provisioning with consent needs and no more. In one that exists they are added to those that it has.
   */
  readonly deployerRoles?: readonly string[]
}
