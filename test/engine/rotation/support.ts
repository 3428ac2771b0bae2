import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { SignJWT } from 'jose'
import { expect } from 'vitest'
import { ensureEngine } from '../../../engine/index.ts'
import type { AppDeclarationInput } from '../../../infra/declaration/schema.ts'
import type { Generation } from '../../../infra/rotation/generation.ts'
import type { RotationRequest } from '../../../infra/rotation/plan.ts'
import { Mask } from '../../../scripts/lib/mask.ts'
import { type OpenedRotation, openRotation } from '../../../scripts/rotation/open-ports.ts'
import type { RotationPorts } from '../../../scripts/rotation/ports.ts'
import { deleteOrphans, findOrphans, type Orphan } from '../../../scripts/rotation/prune.ts'
import { plan, type RotationReport, rotate } from '../../../scripts/rotation/rotate.ts'
import { Pulumi } from '../../../scripts/stack/pulumi.ts'
import { trust } from '../../support/rehearsal.ts'
import {
  FILE_MANAGER,
  openStage,
  type Stage,
  type StageOptions,
  type StageTenant,
} from '../../support/stage.ts'

type SecretInput = NonNullable<AppDeclarationInput['secrets']>[string]

const MONTHLY = {
  lifetime: '90d',
  rotateEvery: '30d',
  overlap: '7d',
  deliver: [
    { dotenv: { file: 'one.env', variable: 'CLIENT_SECRET' } },
    { dotenv: { file: 'two.env', variable: 'CLIENT_SECRET' } },
  ],
}

/** Rotated every 30 days with a week of overlap, delivered to two files. */
export const ROTATED: SecretInput = { displayName: 'OneDrive', ...MONTHLY }

/** The only credential of the stage's application, which is called `onedrive`. */
export type RotatedCredential = Pick<AppDeclarationInput, 'secrets' | 'certificates'>

/** The same as {@link ROTATED} with a certificate that is made here. */
export const CERTIFICATE: RotatedCredential = {
  secrets: {},
  certificates: { onedrive: { generate: MONTHLY } },
}

export interface RotateOptions {
  readonly wrap?: (ports: RotationPorts) => RotationPorts
  /** How far the clock of the run is ahead of the tenant's, in milliseconds. Default: 0. */
  readonly skew?: number
  /** How long to wait for a proof, in milliseconds of the tenant's clock. Default: a minute. */
  readonly deadlineMs?: number
}

/** A stage with one deployed application whose only secret rotates, and the tenant's clock to move. */
export interface RotationStage extends DeployedRotation {
  readonly stage: Stage
  advance(days: number): void
}

/** An application whose only secret rotates. */
export interface DeployedRotation {
  /** What the driver said, newest last. */
  readonly notes: string[]
  /** Rotates in this process, by the tenant's clock. */
  rotate(mode?: RotationRequest['mode'], options?: RotateOptions): Promise<RotationReport>
  readonly clientId: string
  /** Preview, deployment and refresh all find nothing to change. */
  expectUnchanged(moment: string): Promise<void>
  /** Key ids of every secret and certificate that the tenant has for the application. */
  keyIds(): Promise<string[]>
  /** Credentials of ours that no state knows, by the tenant's clock. */
  orphans(): Promise<Orphan[]>
  /** Deletes those that are old enough, and says which. */
  prune(): Promise<Orphan[]>
  /** `g1 retired`, `g2 current`, … as the stack's outputs have it. */
  phases(): Promise<string[]>
  ledger(): Promise<Generation[]>
  /** The value that a consumer reads from a file now. */
  read(file: 'one.env' | 'two.env'): Promise<string>
  /** Requests a token with a secret, or with key and certificate as PEM, as a consumer does; `issued`, or the code of the refusal. */
  token(secret: string): Promise<string>
  close(): Promise<void>
}

export async function openRotationStage(
  credential: RotatedCredential = { secrets: { onedrive: ROTATED } },
  options: StageOptions = {},
): Promise<RotationStage> {
  const stage = await openStage(options)
  const { clock } = stage.tenant.control
  return {
    ...(await deployRotation(stage, credential, () => clock.now())),
    stage,
    advance: (days) => clock.advance(`${days * 24}h`),
  }
}

/** Deploys the application. `now` is the tenant's time. */
export async function deployRotation<Tenant extends StageTenant>(
  stage: Stage<Tenant>,
  credential: RotatedCredential,
  now: () => Date,
): Promise<DeployedRotation> {
  trust(stage.tenant.caPem)
  await stage.declare({ fm: { ...FILE_MANAGER, ...credential } })
  const up = await stage.pulumi('up', '--yes', '--skip-preview')
  if (up.code !== 0) throw new Error(`pulumi up failed:\n${up.output}`)
  const { clientId, objectId } = JSON.parse(
    (await stage.pulumi('stack', 'output', 'apps', '--json')).stdout,
  ).fm
  const notes: string[] = []
  const ledger = async (): Promise<Generation[]> =>
    JSON.parse((await stage.pulumi('stack', 'output', 'ledger', '--json')).stdout).fm.onedrive
  const open = async ({ skew = 0, deadlineMs = 60_000 }: RotateOptions = {}) =>
    openRotation({
      pulumi: new Pulumi({
        command: (await ensureEngine()).command,
        cwd: stage.dir,
        env: stage.env,
        mask: new Mask(),
      }),
      projectDir: stage.dir,
      env: stage.env,
      terminal: { note: (text) => void notes.push(text) },
      wait: { successes: 1, firstDelayMs: 50, maxDelayMs: 500, deadlineMs },
      now: () => new Date(now().getTime() + skew),
    })
  const orphansOf = async ({ ports, stack, reader }: OpenedRotation) => {
    const { keyIds } = await stack.state()
    const outputs = await ports.stack.outputs()
    return findOrphans(await ports.stack.declared(), outputs, keyIds, reader(), ports.now())
  }
  return {
    notes,
    ledger,
    clientId,
    rotate: async (mode = 'due', options = {}) => {
      const { ports: opened } = await open(options)
      const ports = options.wrap ? options.wrap(opened) : opened
      return rotate(await plan({ mode }, ports), ports)
    },
    keyIds: async () => {
      const read = await (await open()).reader().object(`/applications/${objectId}`)
      if (!read.ok) throw new Error(`The application could not be read: ${read.failure.code}`)
      const { passwordCredentials, keyCredentials } = read.value as Record<string, { keyId: string }[]>
      return [...(passwordCredentials ?? []), ...(keyCredentials ?? [])].map(({ keyId }) => keyId)
    },
    orphans: async () => orphansOf(await open()),
    prune: async () => {
      const opened = await open()
      return deleteOrphans(await orphansOf(opened), opened.reader(), opened.proof)
    },
    expectUnchanged: async (moment) => {
      for (const args of [
        ['preview', '--expect-no-changes'],
        ['up', '--yes', '--skip-preview', '--expect-no-changes'],
        ['refresh', '--yes', '--skip-preview', '--expect-no-changes'],
      ]) {
        const ended = await stage.pulumi(...args)
        expect(ended.code, `${args.join(' ')} ${moment}:\n${ended.output}`).toBe(0)
      }
    },
    phases: async () => (await ledger()).map(({ generation, phase }) => `g${generation} ${phase}`),
    read: async (file) => parseEnv(await readFile(join(stage.dir, file), 'utf8'))['CLIENT_SECRET'] ?? '',
    token: (value) => requestToken(stage, clientId, value),
    close: () => stage.close(),
  }
}

/** A plain token request without any library, so that nothing is cached and nothing is repeated. */
export async function requestToken(
  { tenant }: Pick<Stage<StageTenant>, 'tenant'>,
  clientId: string,
  held: string,
): Promise<string> {
  const endpoint = `${tenant.url}/${tenant.tenantId}/oauth2/v2.0/token`
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      ...(held.startsWith('-----') ? await assertionOf(held, clientId, endpoint) : { client_secret: held }),
      scope: `${tenant.graphUrl}/.default`,
    }),
  })
  const body = (await response.json()) as { access_token?: string; error_codes?: number[] }
  return body.access_token ? 'issued' : String(body.error_codes?.[0])
}

/** Signed as consumers with a certificate do, for longer than the tenant's clock is ever ahead. */
async function assertionOf(pem: string, clientId: string, endpoint: string) {
  const x5t = createHash('sha1').update(new X509Certificate(pem).raw).digest('base64url')
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', x5t })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(endpoint)
    .setJti(randomUUID())
    .setExpirationTime('10y')
    .sign(createPrivateKey(pem))
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }
}
