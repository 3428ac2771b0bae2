/** Lets callers that want to read the same thing at the same time share one read, which begins after each of them called. */
export class SharedRead<T> {
  readonly #read: () => Promise<T>
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<T> | undefined

  constructor(read: () => Promise<T>) {
    this.#read = read
  }

  /** What is there now: never the result of a read that was under way already. */
  run(): Promise<T> {
    this.#next ??= this.#begin()
    return this.#next
  }

  async #begin(): Promise<T> {
    await this.#running.catch(() => {})
    this.#next = undefined
    const reading = this.#read()
    this.#running = reading
    return reading
  }
}
