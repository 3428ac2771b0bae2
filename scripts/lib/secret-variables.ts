import { LOCAL_PASSPHRASE } from './local-passphrase.ts'

/** Variables of the environment whose values are secrets, of the deployer, the pipeline and the state back end. */
export const SECRET_VARIABLES: readonly string[] = [
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'ARM_ACCESS_KEY',
  'ARM_CLIENT_CERTIFICATE',
  'ARM_CLIENT_CERTIFICATE_PASSWORD',
  'ARM_CLIENT_SECRET',
  'ARM_OIDC_REQUEST_TOKEN',
  'ARM_OIDC_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_CLIENT_SECRET',
  'AZURE_PASSWORD',
  'AZURE_STORAGE_CONNECTION_STRING',
  'AZURE_STORAGE_KEY',
  'AZURE_STORAGE_SAS_TOKEN',
  'GH_TOKEN',
  'GITHUB_TOKEN',
  'PGPASSWORD',
  'PULUMI_ACCESS_TOKEN',
  'PULUMI_CONFIG_PASSPHRASE',
  'SYSTEM_ACCESSTOKEN',
  'VAULT_ID_TOKEN',
  'VAULT_SECRET_ID',
  'VAULT_TOKEN',
]

/** What people call variables with secrets of their own, such as the passphrase of a certificate. */
const NAMED_SO =
  /(secret|password|passwd|passphrase|token|api_?key|access_?key|account_?key|private_?key|connection_?string)$/i

/** Variables that hold a URL, in which a password may stand. */
const URLS = ['PULUMI_BACKEND_URL', 'HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'] as const

/** A shorter value of a variable that is only named so may be an ordinary word, such as `default`. */
const SHORTEST_UNLISTED = 8

/** The secrets that an environment holds. The passphrase of the local tenant is in the source, and so none. */
export function secretsIn(env: NodeJS.ProcessEnv): string[] {
  const named = Object.entries(env).flatMap(([name, value = '']) => {
    const isListed = SECRET_VARIABLES.includes(name)
    return isListed || (NAMED_SO.test(name) && value.length >= SHORTEST_UNLISTED) ? value : []
  })
  const inUrls = URLS.flatMap((name) => passwordsIn(env[name] ?? ''))
  return [...named, ...inUrls].filter((value) => value !== '' && value !== LOCAL_PASSPHRASE)
}

/** The password of a URL, as it is written and as it is meant; a URL of a blob store has its signature in the query. */
function passwordsIn(text: string): string[] {
  if (!URL.canParse(text)) return []
  const { password, searchParams } = new URL(text)
  const inQuery = [...searchParams].filter(([name]) => NAMED_SO.test(name) || name === 'sig')
  return [password, decoded(password), ...inQuery.map(([, value]) => value)].filter(Boolean)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
