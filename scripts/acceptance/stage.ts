import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { stringify } from 'yaml'
import { ensureAzureadPlugin } from '../../engine/index.ts'
import { explainedIn } from '../adopt/refusals.ts'
import { CommandError } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import { explain } from '../proof/catalogue/index.ts'
import { requireDeployer } from '../proof/connection/deployer.ts'
import { masking } from '../proof/connection/masking.ts'
import { type Directory, discoverEndpoints, openDirectory, openPorts } from '../proof/index.ts'
import { ensureStack, openEngine, openWorkspace, type Workspace } from '../stack/workspace.ts'
import { acceptanceApps } from './declaration.ts'
import { Names } from './names.ts'
import { type Relay, startRelay } from './relay.ts'
import type { Graph } from './sweep.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
export const STACK = 'acceptance'

/** The tenant behind a relay, seen as the deployer. */
export interface Connection {
  readonly run: string
  /** Of the run's own; gone when it is closed. */
  readonly dir: string
  /** Leads every command through the relay. */
  readonly env: NodeJS.ProcessEnv
  readonly relay: Relay
  readonly directory: Directory
  readonly graph: Graph
  close(): Promise<void>
}

/** What an acceptance run needs of its caller. */
export interface AcceptanceContext {
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** How requests reach the tenant. Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch
}

/**
 * Starts the relay and logs the deployer in through it.
 *
 * @throws CommandError NO_DEPLOYER, NO_DIRECTORY, ENDPOINTS_UNREACHABLE; BAD_OPTIONS for a login that only the tenant's own
 *   address accepts
 */
export async function connect({ env, terminal, fetch }: AcceptanceContext): Promise<Connection> {
  const upstream = await discoverEndpoints(env)
  const run = randomBytes(4).toString('hex')
  const deployer = requireDeployer(env)
  const { kind } = deployer.credential
  if (kind === 'certificate' || kind === 'ambient') {
    throw new CommandError(
      'BAD_OPTIONS',
      'The acceptance run records the login, so the deployer needs a client secret (ARM_CLIENT_SECRET) or a federated token (ARM_USE_OIDC).',
    )
  }
  const names = new Names()
  names.set(deployer.tenantId, '{tenant}')
  names.set(deployer.clientId, '{deployer}')
  if (deployer.credential.kind === 'secret') names.set(deployer.credential.value, '{deployer-secret}')
  const dir = await mkdtemp(join(tmpdir(), 'entra-apps-acceptance-'))
  const relay = await startRelay({ upstream, dir, names, ...(fetch && { fetch }) })
  const close = async () => {
    await relay.close()
    await rm(dir, { recursive: true, force: true })
  }
  try {
    const trusted = [...getCACertificates('default'), relay.caPem]
    setDefaultCACertificates(trusted)
    const bundle = join(dir, 'trusted.pem')
    await writeFile(bundle, trusted.join('\n'))
    const relayed = {
      ...env,
      ARM_METADATA_HOSTNAME: new URL(relay.origin).host,
      SSL_CERT_FILE: bundle,
      NODE_EXTRA_CA_CERTS: bundle,
      PULUMI_BACKEND_URL: `file://${join(dir, 'state')}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString('hex'),
      PULUMI_STACK: STACK,
    }
    const endpoints = await discoverEndpoints(relayed)
    const ports = masking(openPorts(endpoints), terminal.mask)
    const opened = await openDirectory(ports, deployer, endpoints)
    if (!opened.ok) {
      const reason = explainedIn(opened.failure)
      throw new CommandError('NO_DIRECTORY', `${deployer.description} got no token: ${reason}`)
    }
    const { reader, identity } = opened.value
    names.set(identity.objectId, '{deployer-object}')
    const graph: Graph = async (method, path, body) => {
      const token = await reader.token()
      if (!token.ok) throw new Error(token.failure.message)
      // Not ended by an interruption: what the run made has to go then, too.
      const sent = await ports.askGraph({ token: token.value, method, path, body })
      if (!sent.ok) throw new Error(`${method} ${path}: ${explainedIn(explain(sent.failure))}`)
      const { status, body: text } = sent.answer
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`)
      return text === '' ? {} : JSON.parse(text)
    }
    return { run, dir, env: relayed, relay, directory: opened.value, graph, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A project with the applications of the run, and the engine to deploy it. */
export async function openProject(
  { run, dir, env }: Connection,
  { env: outer, terminal, signal }: AcceptanceContext,
): Promise<Workspace> {
  await mkdir(join(dir, 'state'), { mode: 0o700 })
  const project = {
    name: 'entra-apps',
    runtime: { name: 'nodejs', options: { typescript: false } },
    main: join(REPOSITORY, 'infra/program/main.js'),
  }
  await writeFile(join(dir, 'Pulumi.yaml'), stringify(project))
  const apps = acceptanceApps(join(REPOSITORY, 'examples'), run)
  await writeFile(join(dir, `Pulumi.${STACK}.yaml`), stringify({ config: { 'entra-apps:apps': apps } }))
  const engine = await openEngine({ env, terminal, signal })
  // The relay is on loopback, where the local plugin would do; before a real tenant the official one has to be there.
  if (!outer['ARM_METADATA_HOSTNAME']) {
    await ensureAzureadPlugin(engine, 'entra', { env: outer, signal, log: terminal.note })
    const { kind } = await ensureAzureadPlugin(engine, 'loopback', { env, signal })
    if (kind === 'local') {
      throw new CommandError(
        'BAD_OPTIONS',
        'A real tenant needs the official azuread plugin, and only the local one was found.',
      )
    }
  }
  const workspace = await openWorkspace({ projectDir: dir, env, terminal, signal }, engine)
  await ensureStack(workspace.pulumi, STACK)
  return workspace
}
