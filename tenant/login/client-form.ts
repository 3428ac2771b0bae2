import { malformedRequest, missingParameter } from '../errors/login-error.ts'

/** The form fields by which a client names and proves itself, in every grant. */
export interface ClientForm {
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly assertion: string | undefined
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Client id and secret come as form fields or by HTTP Basic (RFC 6749 section 2.3.1: form-encoded within it), an
 * assertion as RFC 7523 section 2.2 has it.
 *
 * @throws LoginError AADSTS900144 for an assertion without its type, 9002313 for a header that cannot be read
 */
export function readClientForm(form: URLSearchParams, authorization: string | undefined): ClientForm {
  const basic = readBasic(authorization)
  const assertion = form.get('client_assertion') || undefined
  if (assertion !== undefined && form.get('client_assertion_type') !== ASSERTION_TYPE) {
    throw missingParameter('client_assertion_type')
  }
  return {
    clientId: form.get('client_id') || basic?.id,
    clientSecret: form.get('client_secret') || basic?.secret,
    assertion,
  }
}

function readBasic(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  try {
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) }
  } catch (error) {
    if (error instanceof URIError) throw malformedRequest()
    throw error
  }
}
