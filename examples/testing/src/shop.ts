import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  type Configuration,
} from '@azure/msal-node'

/** Where the shop's people and tokens come from. In production: login.microsoftonline.com and graph.microsoft.com. */
export interface Settings {
  readonly auth: Configuration['auth']
  readonly graphUrl: string
  readonly redirectUri: string
}

/** The application under test: people sign in, administrators see everybody, and it reads the directory as itself. */
export class Shop {
  readonly #settings: Settings
  readonly #msal: ConfidentialClientApplication

  constructor(settings: Settings) {
    this.#settings = settings
    this.#msal = new ConfidentialClientApplication({ auth: settings.auth })
  }

  /** Where the browser goes to sign in. */
  signInAddress(state: string): Promise<string> {
    const { redirectUri } = this.#settings
    return this.#msal.getAuthCodeUrl({ scopes: ['User.Read'], redirectUri, state })
  }

  /** Who came back with that code. */
  async signedIn(code: string): Promise<{ readonly name: string; readonly isAdministrator: boolean }> {
    const { redirectUri } = this.#settings
    const result = await this.#msal.acquireTokenByCode({ code, scopes: ['User.Read'], redirectUri })
    const { name = '', roles = [] } = (result.account?.idTokenClaims ?? {}) as {
      name?: string
      roles?: string[]
    }
    return { name, isAdministrator: roles.includes('Administrator') }
  }

  /** Names of everybody in the directory; asks once more when Graph is busy. */
  async customers(): Promise<string[]> {
    const answer = await this.#askGraph('/users?$select=displayName')
    return answer.value.map(({ displayName }) => displayName)
  }

  async #askGraph(path: string, attempts = 2): Promise<{ value: { displayName: string }[] }> {
    const { accessToken } = await this.#ownToken()
    const headers = { authorization: `Bearer ${accessToken}` }
    const answer = await fetch(`${this.#settings.graphUrl}/v1.0${path}`, { headers })
    if (answer.status === 429 && attempts > 1) {
      await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after')) * 1000))
      return this.#askGraph(path, attempts - 1)
    }
    if (!answer.ok) throw new Error(`Graph answered ${answer.status}`)
    return (await answer.json()) as { value: { displayName: string }[] }
  }

  async #ownToken(): Promise<AuthenticationResult> {
    const scopes = ['https://graph.microsoft.com/.default']
    const token = await this.#msal.acquireTokenByClientCredential({ scopes })
    if (token === null) throw new Error('no token')
    return token
  }
}
