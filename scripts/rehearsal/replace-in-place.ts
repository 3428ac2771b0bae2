import type { DirectoryReader } from '../proof/directory/reader.ts'
import type { ProofPorts } from '../proof/index.ts'

/**
 * An application whose secret is rotated as providers do it by themselves: the new secret is issued, delivered, and
 * the old one deleted, all at once. The yardstick for what an overlap is worth.
 */
export class ReplaceInPlace {
  readonly #objectId: string
  readonly #login: () => DirectoryReader
  readonly #ports: Pick<ProofPorts, 'askGraph'>
  #keyId = ''
  #secret = ''

  private constructor(objectId: string, login: () => DirectoryReader, ports: Pick<ProofPorts, 'askGraph'>) {
    this.#objectId = objectId
    this.#login = login
    this.#ports = ports
  }

  /**
   * Issues the first secret.
   *
   * @param objectId of the application
   * @param login logs the deployer in anew for each call: its tokens do not last for months
   */
  static async start(
    objectId: string,
    login: () => DirectoryReader,
    ports: Pick<ProofPorts, 'askGraph'>,
  ): Promise<ReplaceInPlace> {
    const made = new ReplaceInPlace(objectId, login, ports)
    await made.#issue()
    return made
  }

  /** What consumers read. */
  readonly read = async (): Promise<string> => this.#secret

  async rotate(): Promise<void> {
    const old = this.#keyId
    await this.#issue()
    await this.#act('removePassword', { keyId: old })
  }

  async #issue(): Promise<void> {
    const issued = await this.#act('addPassword', {
      passwordCredential: { displayName: 'replaced in place' },
    })
    this.#keyId = String(issued['keyId'])
    this.#secret = String(issued['secretText'])
  }

  async #act(action: 'addPassword' | 'removePassword', body: object): Promise<Record<string, unknown>> {
    const token = await this.#login().token()
    if (!token.ok) throw new Error(`The deployer gets no token: ${token.failure.code}`)
    const path = `/applications/${this.#objectId}/${action}`
    const sent = await this.#ports.askGraph({ token: token.value, method: 'POST', path, body })
    if (!sent.ok || sent.answer.status >= 300) {
      throw new Error(`${action}: ${sent.ok ? `Graph answered ${sent.answer.status}` : sent.failure.message}`)
    }
    return sent.answer.body ? (JSON.parse(sent.answer.body) as Record<string, unknown>) : {}
  }
}
