/** Lets actions on the same thing run one after another, and those on different things at once. */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs the action once all earlier ones of that name have ended, however they ended. */
  async take<T>(name: string, action: () => Promise<T>): Promise<T> {
    const earlier = this.#last.get(name) ?? Promise.resolve()
    const turn = earlier.then(action, action)
    this.#last.set(name, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name)
    }
  }
}
