import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Made, recordOf } from './cache.ts'
import {
  checksumOf,
  listedChecksum,
  PIN,
  pinnedChecksums,
  recordChecksum,
  recordedChecksum,
} from './checksums.ts'
import { run, withProgress } from './child.ts'
import type { Context } from './context.ts'
import { EngineError } from './errors.ts'
import { executable, wrongVersion } from './find.ts'

/** A release archive of Pulumi for this computer. */
interface Archive {
  /** File name in the release. */
  name: string
  /** Address of the archive, and of the list of checksums that its release publishes. */
  url: string
  listUrl: string
}

/**
 * Downloads the official CLI with its language hosts into `<folder>/bin`: the archive of the release, never an install
 * script. The archive is unpacked only once its checksum is one that is pinned, or else the one that its release
 * publishes and that this computer has seen before, if it has (docs/decisions/0010).
 *
 * @returns the archive's checksum, or why it could not be downloaded.
 * @throws EngineError `UNTRUSTED_DOWNLOAD` when the checksum is another one, `PIN_INVALID`, `INTERRUPTED`.
 */
export async function downloadEngine(context: Context, version: string, folder: string): Promise<Made> {
  const archive = archiveOf(context, version)
  const file = join(folder, archive.name)
  const record = recordOf(context, archive.name)
  const pins = pinnedChecksums(context.env)
  const expected = pins ?? (await publishedChecksum(context, archive, folder, record))
  if ('reason' in expected) return expected
  const failure = await fetchFile(context, archive.url, file)
  if (failure !== undefined) return { reason: failure }
  const sum = await checksumOf(file)
  if (!expected.includes(sum)) {
    const by = pins ? `that ${PIN} pins` : 'that its release publishes'
    throw untrusted(archive.name, `has the checksum ${sum}, not ${expected.join(' or ')}, ${by}`)
  }
  const unusable =
    (await unpack(context, file, folder)) ??
    (await wrongVersion(context, join(folder, 'bin', executable('pulumi')), version))
  if (unusable !== undefined) return { reason: unusable }
  rmSync(file)
  recordChecksum(record, archive.name, sum)
  if (!pins)
    context.log(`Recorded the checksum of ${archive.name}, ${sum}. To accept no other, set ${PIN} to it.`)
  return { archive: sum }
}

function archiveOf(context: Context, version: string): Archive {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const extension = process.platform === 'win32' ? 'zip' : 'tar.gz'
  const name = `pulumi-v${version}-${platform}-${process.arch}.${extension}`
  const at = (file: string) => new URL(`releases/sdk/${file}`, context.downloads).href
  return { name, url: at(name), listUrl: at(`pulumi-${version}-checksums.txt`) }
}

/** The checksum on the release's list, which must not differ from the one that was recorded at the first use. */
async function publishedChecksum(
  context: Context,
  { name, listUrl }: Archive,
  folder: string,
  record: string,
): Promise<[string] | { reason: string }> {
  const file = join(folder, 'checksums.txt')
  const failure = await fetchFile(context, listUrl, file)
  if (failure !== undefined) return { reason: failure }
  const published = listedChecksum(readFileSync(file, 'utf8'), name)
  rmSync(file)
  if (published === undefined) return { reason: `${listUrl} has no checksum of ${name}` }
  const recorded = recordedChecksum(record)
  if (recorded === undefined || recorded === published) return [published]
  throw untrusted(
    name,
    `is published with the checksum ${published}, but had ${recorded} when it was first used here (${record})`,
  )
}

function untrusted(archive: string, difference: string): EngineError {
  return new EngineError(
    'UNTRUSTED_DOWNLOAD',
    `The download is refused: ${archive} ${difference}. The archive was damaged on its way or replaced. Nothing of it was ` +
      `run. Run the command again; if it is refused again, ask Pulumi which checksum is right, and set ${PIN} to that one.`,
  )
}

/**
 * A process of its own: Node's fetch uses a proxy only when that is said before Node starts, and the signal ends a process group whole.
 *
 * @returns why it failed, or `undefined`.
 */
async function fetchFile(context: Context, url: string, file: string): Promise<string | undefined> {
  const worker = fileURLToPath(new URL(`download-worker${extname(import.meta.url)}`, import.meta.url))
  const result = await withProgress(
    context,
    () => 'still downloading',
    () =>
      run(context, process.execPath, [worker, url, file], {
        doing: `downloading ${url}`,
        env: { NODE_USE_ENV_PROXY: '1' },
      }),
  )
  return result.ok ? undefined : result.reason
}

/** Unpacks an archive into `<folder>/bin`; returns why that failed, or `undefined`. */
async function unpack(context: Context, file: string, folder: string): Promise<string | undefined> {
  const unpacked = join(folder, 'unpacked')
  await mkdir(unpacked)
  // Windows has a tar of its own, which reads zip; one that comes with Git does not.
  const system = context.env['SystemRoot']
  const tar = process.platform === 'win32' && system ? join(system, 'System32', 'tar.exe') : 'tar'
  const result = await run(context, tar, ['-xf', file, '-C', unpacked], { doing: 'unpacking Pulumi' })
  if (!result.ok) return `the archive cannot be unpacked: ${result.reason}`
  // The programs lie in pulumi/, in the archives for Windows in pulumi/bin/.
  const places = [join(unpacked, 'pulumi', 'bin'), join(unpacked, 'pulumi')]
  const place = places.find((each) => existsSync(join(each, executable('pulumi'))))
  if (place === undefined) return 'the archive holds no pulumi'
  renameSync(place, join(folder, 'bin'))
  rmSync(unpacked, { recursive: true, force: true })
  return undefined
}
