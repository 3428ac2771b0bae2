import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { pulumiProgram } from '../../../engine/pins.ts'

const { version } = pulumiProgram()

/** Name of the release's archive for this computer. */
export const ARCHIVE = `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`

/** A server of Pulumi's releases on loopback, ended with the running test. */
export interface ReleaseServer {
  /** For the option `downloads`. */
  url: string
  /** Path → what is answered; a number is a status, a string beginning with `/` a redirect. Change it at will. */
  files: Map<string, Buffer | number | string>
  /** Paths that were asked for, with `GET`. */
  asked: string[]
  archivePath: string
  listPath: string
  /** Publishes an archive and the list of checksums that belongs to it; returns the archive's checksum. */
  publish: (archive: Buffer) => string
}

/** Starts a server that holds the release of the pinned version. */
export async function releaseServer(): Promise<ReleaseServer> {
  const files: ReleaseServer['files'] = new Map()
  const asked: string[] = []
  const server = createServer(({ method, url = '' }, response) => {
    if (method === 'GET') asked.push(url)
    const answer = files.get(url) ?? 404
    if (typeof answer === 'number') response.writeHead(answer).end()
    else if (typeof answer === 'string') response.writeHead(302, { location: answer }).end()
    else response.end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const archivePath = `/releases/sdk/${ARCHIVE}`
  const listPath = `/releases/sdk/pulumi-${version}-checksums.txt`
  const publish = (archive: Buffer) => {
    const sum = createHash('sha256').update(archive).digest('hex')
    const other = `${'0'.repeat(64)}  pulumi-v${version}-plan9-x64.tar.gz`
    files.set(archivePath, archive).set(listPath, Buffer.from(`${other}\n${sum}  ${ARCHIVE}\n`))
    return sum
  }
  publish(releaseArchive())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, files, asked, archivePath, listPath, publish }
}

/** A release archive with programs that are shell scripts. `says` is what its CLI answers to `version`. */
export function releaseArchive(says = version, note = ''): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'release-'))
  try {
    mkdirSync(join(folder, 'pulumi'))
    for (const name of ['pulumi', 'pulumi-language-nodejs']) {
      writeFileSync(join(folder, 'pulumi', name), `#!/bin/sh\necho v${says} ${note}\n`, { mode: 0o755 })
    }
    execFileSync('tar', ['-czf', 'archive', 'pulumi'], { cwd: folder })
    return readFileSync(join(folder, 'archive'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
