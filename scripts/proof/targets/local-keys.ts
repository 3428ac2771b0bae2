import { readFile } from 'node:fs/promises'
import { isPfxName } from '../../../infra/declaration/schema/credentials.ts'
import { certificateIn } from '../../../infra/keys/certificates.ts'
import { PfxError, readPfx } from '../../../infra/keys/pfx.ts'
import { CommandError } from '../../lib/errors.ts'
import { askGitHub } from '../connection/deployer.ts'
import type { Credential } from '../model/target.ts'

/** A private key with its certificate. */
export interface LocalKey {
  readonly thumbprint: string
  /** The file it is in, for people. */
  readonly from: string
  /** Named for this run, rather than found in the environment, where it may be there for something else. */
  readonly isNamed: boolean
  readonly credential: Credential
}

/** Somewhere to get tokens of another issuer. */
export interface AssertionSource {
  /** For people: `AZURE_FEDERATED_TOKEN_FILE`. */
  readonly from: string
  /** A token for an audience, as far as the source lets one choose. */
  readonly request: (audience: string) => Promise<string>
  /** Logs in with its tokens, a fresh one for each attempt. */
  readonly credential: (audience: string) => Credential
}

/** What this machine holds beside the stack to prove credentials with. */
export interface LocalKeys {
  readonly keys: readonly LocalKey[]
  /** Why the key in the environment cannot be used. */
  readonly unusable?: string
  readonly assertions?: AssertionSource
  /** The application that the environment says it is, for which the assertions are meant. */
  readonly clientId?: string
}

export interface LocalKeysOptions {
  /** Files with a private key and its certificate: PEM, or PFX. */
  readonly certificates?: readonly string[]
  readonly fetch?: typeof globalThis.fetch
}

/**
 * Gathers what is available, under the names that Azure Identity and GitHub Actions give it: AZURE_CLIENT_CERTIFICATE_PATH
 * (with AZURE_CLIENT_CERTIFICATE_PASSWORD), AZURE_FEDERATED_TOKEN_FILE, else ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN;
 * AZURE_CLIENT_ID.
 *
 * @throws CommandError NO_CREDENTIAL when a named file holds no private key with its certificate
 */
export async function gatherLocalKeys(
  env: NodeJS.ProcessEnv,
  { certificates = [], fetch = globalThis.fetch }: LocalKeysOptions = {},
): Promise<LocalKeys> {
  const path = env['AZURE_CLIENT_CERTIFICATE_PATH']
  const password = env['AZURE_CLIENT_CERTIFICATE_PASSWORD']
  const named = await Promise.all(certificates.map((file) => readKey(file, password, true)))
  const found = path ? await readKey(path, password, false).catch(unusableKey) : undefined
  const assertions = assertionsIn(env, fetch)
  const clientId = env['AZURE_CLIENT_ID']
  return {
    keys: found && 'credential' in found ? [...named, found] : named,
    ...(found && 'unusable' in found && found),
    ...(assertions && { assertions }),
    ...(clientId && { clientId }),
  }
}

function assertionsIn(env: NodeJS.ProcessEnv, fetch: typeof globalThis.fetch): AssertionSource | undefined {
  const file = env['AZURE_FEDERATED_TOKEN_FILE']
  if (file) {
    const request = async () => (await readFile(file, 'utf8')).trim()
    return {
      from: 'AZURE_FEDERATED_TOKEN_FILE',
      request,
      credential: () => ({ kind: 'federated', tokenFile: file }),
    }
  }
  const url = env['ACTIONS_ID_TOKEN_REQUEST_URL']
  const bearer = env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']
  if (!url || !bearer) return undefined
  const request = (audience: string) => askGitHub(url, bearer, fetch, audience)
  const credential = (audience: string): Credential => {
    return { kind: 'assertion', request: () => request(audience) }
  }
  return { from: 'GitHub Actions', request, credential }
}

async function readKey(file: string, password: string | undefined, isNamed: boolean): Promise<LocalKey> {
  const pem = await readPem(file, password)
  const certificate = certificateIn(pem)
  if (!certificate || !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    throw noKey(file, 'it holds no private key with its certificate')
  }
  // The passphrase of a PFX file is spent by now; that of a PEM file is for its private key.
  const passphrase = password && !isPfxName(file) ? { password } : {}
  return {
    thumbprint: certificate.thumbprint,
    from: file,
    isNamed,
    credential: { kind: 'certificate', pem, ...passphrase },
  }
}

function unusableKey(error: unknown): { readonly unusable: string } {
  if (error instanceof CommandError) return { unusable: error.message }
  throw error
}

async function readPem(file: string, password = ''): Promise<string> {
  try {
    const bytes = await readFile(file)
    if (!isPfxName(file)) return bytes.toString('utf8')
    const { privateKeyPem = '', certificatePem } = readPfx(bytes, password)
    return `${privateKeyPem}${certificatePem}`
  } catch (error) {
    if (error instanceof PfxError)
      throw noKey(file, `${error.message} (AZURE_CLIENT_CERTIFICATE_PASSWORD)`, error)
    throw noKey(file, error instanceof Error ? error.message : String(error), error)
  }
}

function noKey(file: string, reason: string, cause?: unknown): CommandError {
  return new CommandError('NO_CREDENTIAL', `The certificate ${file} cannot be used: ${reason}.`, { cause })
}
