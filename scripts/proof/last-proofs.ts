import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { DAY } from '../../lib/duration.ts'
import { replaceFileSync } from '../../lib/replace-file.ts'
import { type AppProof, type ProofReport, VERDICTS } from './model/report.ts'

/** How the last `verify` of something came out. */
export const lastProof = z.object({
  at: z.string().describe('RFC 3339'),
  verdict: z.enum(VERDICTS),
  provedAt: z.string().exactOptional().describe('When it last was proved'),
})

/** The last proofs of an application and its credentials. */
const appProofs = z.object({
  schemaVersion: z.literal(1),
  app: lastProof,
  /** By key id; by name where there is none. */
  credentials: z.record(z.string(), lastProof),
})

export type LastProof = z.infer<typeof lastProof>
export type AppProofs = z.infer<typeof appProofs>

/** By client id, so that neither the name of a stack nor that of an application matters. */
export type LastProofs = ReadonlyMap<string, AppProofs>

/** Proofs that were not renewed for so long are of an application that is gone, or say nothing any more; milliseconds. */
const KEPT_FOR = 366 * DAY

/**
 * Remembers how a proof came out, for `report`: a file for each application below the project directory, without a secret.
 * What this proof left out keeps what is known of it; a run that began later and was faster keeps its word. Files that
 * nobody renewed for a year are removed: nothing here tells in which stack an application is, or that it was deleted.
 *
 * @throws the error of the file system
 */
export function recordProofs(projectDir: string, { apps, startedAt }: ProofReport): void {
  mkdirSync(folderIn(projectDir), { recursive: true, mode: 0o700 })
  for (const app of apps) {
    const known = readAppProofs(projectDir, app.clientId)
    if (known && Date.parse(known.app.at) > Date.parse(startedAt)) continue
    const proofs = afterProof(known, app, startedAt)
    replaceFileSync(fileOf(projectDir, app.clientId), `${JSON.stringify(proofs, null, 2)}\n`, {
      mode: 0o600,
      durable: false,
    })
  }
  forgetOld(folderIn(projectDir))
}

/** Forgets the proofs of an application that was deleted. */
export function forgetProofs(projectDir: string, clientId: string): void {
  rmSync(fileOf(projectDir, clientId), { force: true })
}

function forgetOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    // Another run may have removed it meanwhile.
    const there = statSync(file, { throwIfNoEntry: false })
    if (there && Date.now() - there.mtimeMs > KEPT_FOR) rmSync(file, { force: true })
  }
}

/** What is remembered of a stack's applications and identities. */
export function readProofs(
  projectDir: string,
  { apps, identities }: Pick<StackOutputs, 'apps' | 'identities'>,
): LastProofs {
  return new Map(
    Object.values({ ...apps, ...identities }).flatMap(({ clientId }) => {
      const proofs = readAppProofs(projectDir, clientId)
      return proofs ? [[clientId, proofs] as const] : []
    }),
  )
}

function afterProof(known: AppProofs | undefined, { verdict, credentials }: AppProof, at: string): AppProofs {
  const proved = credentials.flatMap((each) => {
    const key = each.keyId ?? each.label
    const before = known?.credentials[key]
    const last = each.verdict === 'unproved' ? before : lastOf(each.verdict, at, before)
    return last ? [[key, last] as const] : []
  })
  return {
    schemaVersion: 1,
    app: lastOf(verdict, at, known?.app),
    credentials: Object.fromEntries(proved),
  }
}

function lastOf(verdict: LastProof['verdict'], at: string, before: LastProof | undefined): LastProof {
  const provedAt = verdict === 'proved' ? at : before?.provedAt
  return { at, verdict, ...(provedAt !== undefined && { provedAt }) }
}

/** A file that is missing, or that another version wrote, is as good as no proof: the next one replaces it. */
function readAppProofs(projectDir: string, clientId: string): AppProofs | undefined {
  try {
    return appProofs.parse(JSON.parse(readFileSync(fileOf(projectDir, clientId), 'utf8')))
  } catch {
    return undefined
  }
}

function folderIn(projectDir: string): string {
  return join(projectDir, '.entra-apps', 'proofs')
}

function fileOf(projectDir: string, clientId: string): string {
  return join(folderIn(projectDir), `${encodeURIComponent(clientId)}.json`)
}
