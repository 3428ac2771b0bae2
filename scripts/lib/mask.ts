import type { Terminal } from './terminal.ts'

const MASK = '***'

/** A shorter text is not a secret, and masking it would garble everything around. */
const SHORTEST = 6

/** Three base64url parts, of which the first is a JSON object: a JWT, be it token or assertion. */
const JWT = /eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g

/**
 * Replaces every secret it knows, and everything that looks like a token, in what is about to be shown. Nothing should
 * ever need it: it is the last guard, at the edge.
 */
export class Mask {
  readonly #known = new Set<string>()

  /** Also the forms in which a secret travels: URL-encoded, base64, inside JSON; and each line of a longer one. */
  add(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) {
      for (const line of linesOf(secret ?? '')) this.#known.add(line)
      if (!secret || secret.length < SHORTEST) continue
      const json = JSON.stringify(secret).slice(1, -1)
      const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
      for (const form of [secret, json, encodeURIComponent(secret), base64]) this.#known.add(form)
    }
  }

  /** The text without secrets. */
  apply(text: string): string {
    let masked = text.replace(JWT, MASK)
    // Longest first, so that a secret inside another does not leave the rest of it standing.
    for (const secret of [...this.#known].sort((a, b) => b.length - a.length)) {
      masked = masked.replaceAll(secret, MASK)
    }
    return masked
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

/** The lines of a secret that has several, such as a private key as PEM, without certificates, which are public. */
export function linesOf(secret: string): string[] {
  const lines = secret
    .replace(CERTIFICATE, '')
    .split(/\r?\n/)
    .filter((line) => line.length >= SHORTEST && !line.startsWith('-----'))
  return lines.length > 1 ? lines : []
}

/** The same terminal with everything that is written going through the mask. */
export function maskedTerminal(terminal: Terminal, mask: Mask): Terminal {
  const { status } = terminal
  return {
    ...terminal,
    print: (text) => terminal.print(mask.apply(text)),
    note: (text) => terminal.note(mask.apply(text)),
    ...(status && { status: (text: string) => status(mask.apply(text)) }),
  }
}

/** Names of variables whose values are secrets, for {@link Mask.add}. */
const SECRET_VARIABLES: readonly string[] = [
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ARM_CLIENT_CERTIFICATE_PASSWORD',
  'ARM_CLIENT_SECRET',
  'ARM_OIDC_REQUEST_TOKEN',
  'ARM_OIDC_TOKEN',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_CLIENT_SECRET',
  'AZURE_PASSWORD',
  'PULUMI_ACCESS_TOKEN',
  'PULUMI_CONFIG_PASSPHRASE',
  'SYSTEM_ACCESSTOKEN',
]

/** The secrets that an environment holds. */
export function secretsIn(env: NodeJS.ProcessEnv): string[] {
  return SECRET_VARIABLES.flatMap((name) => env[name] || [])
}
