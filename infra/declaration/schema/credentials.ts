import { z } from 'zod'
import { checkRotated, rotatedFields } from './rotated.ts'

/** Attributes that every reader of certificates knows by name (RFC 4514 section 3), and values that need no escaping. */
const SUBJECT =
  /^(CN|OU|O|L|ST|C|DC)=[^,=+<>#;"\\\s][^,=+<>#;"\\]*(, *(CN|OU|O|L|ST|C|DC)=[^,=+<>#;"\\\s][^,=+<>#;"\\]*)*$/

/** A key pair that is made here, rotated and delivered; its certificate is self-signed. */
const generate = z
  .strictObject({
    ...rotatedFields,
    keySize: z
      .literal([2048, 3072, 4096])
      .default(2048)
      .describe('Bits of the RSA key: 2048, 3072 or 4096. Default: 2048'),
    subject: z
      .string()
      .regex(SUBJECT, 'a subject is a distinguished name such as CN=files.example.com, O=Contoso')
      .optional()
      .describe(
        'Subject of the certificate. Default: CN= with application, certificate and generation, such as "CN=files signing g1"',
      ),
  })
  .superRefine(checkRotated)
  .describe('Made, rotated and delivered here: consumers get key and certificate as PEM')

/** A certificate that the application signs its token requests with: given, or made here. */
export const certificate = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('File of the certificate, from the project directory: PEM, or PFX (.pfx, .p12)'),
    passphraseFrom: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'a variable is letters, digits and underscores, and starts with no digit')
      .optional()
      .describe('Environment variable with the passphrase of a PFX file. Default: it has none'),
    pem: z.string().min(1).optional().describe('The certificate itself, as PEM'),
    generate: generate.optional(),
  })
  .refine(
    (given) => [given.file, given.pem, given.generate].filter((kind) => kind !== undefined).length === 1,
    'a certificate is one of file, pem, generate',
  )
  .refine(({ file, passphraseFrom }) => passphraseFrom === undefined || (file && isPfxName(file)), {
    path: ['passphraseFrom'],
    error: 'only a PFX file (.pfx, .p12) has a passphrase',
    params: { fix: 'remove passphraseFrom, or name a PFX file' },
  })

/** Whether a file is read as PKCS#12. */
export function isPfxName(file: string): boolean {
  return /\.(pfx|p12)$/i.test(file)
}
