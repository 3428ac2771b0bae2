/** Which authorization codes have been redeemed, for as long as they would be good. */
export class RedeemedCodes {
  /** Code id → when it expires, in milliseconds since 1970; oldest first. */
  readonly #until = new Map<string, number>()

  /** Marks a code as redeemed; false when it was before. */
  redeem(id: string, until: Date, now: Date): boolean {
    for (const [each, expires] of this.#until) {
      if (expires > now.getTime()) break
      this.#until.delete(each)
    }
    if (this.#until.has(id)) return false
    this.#until.set(id, until.getTime())
    return true
  }
}
