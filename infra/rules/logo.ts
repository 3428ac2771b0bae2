import type { Rule } from './rule.ts'

const MAX_KILOBYTES = 100

/** First bytes of the images that Graph takes. */
const SIGNATURES = ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'GIF87a', 'GIF89a'] as const

function judge(logo: string, image: Uint8Array | undefined): string | undefined {
  if (image === undefined) return `the file "${logo}" is not there`
  const start = Buffer.from(image.subarray(0, 8)).toString('latin1')
  if (!SIGNATURES.some((signature) => start.startsWith(signature))) {
    return `the file "${logo}" is not a PNG, JPEG or GIF image`
  }
  const tooLarge = image.length > MAX_KILOBYTES * 1024
  return tooLarge
    ? `the image has ${Math.ceil(image.length / 1024)} KB, the limit is ${MAX_KILOBYTES}`
    : undefined
}

/** The rule about the image that consent pages show. */
export const logoRules: readonly Rule[] = [
  {
    code: 'EA215',
    name: 'logo-image',
    severity: 'error',
    summary: `The logo is a PNG, JPEG or GIF file of at most ${MAX_KILOBYTES} KB.`,
    limit: MAX_KILOBYTES,
    fix: 'name a PNG, JPEG or GIF file, from the project directory',
    source: 'Update application: logo',
    check: ({ logo }, { read }) => {
      const message = logo === undefined ? undefined : judge(logo, read(logo))
      return message ? [{ path: ['logo'], message }] : []
    },
  },
]
