/** A client that is not this project's, with what test/conformance/clients runs of it. */
export interface Client {
  readonly name: string
  /** Exactly what is installed. */
  readonly version: string
  readonly steps: readonly Step[]
}

/** A command, or a call of a library, with what it must answer. */
export interface Step {
  /** As a shell takes it: words, `'…'` around blanks, `$NAME` for what an earlier step or the test kept. */
  readonly run: string
  /** What the answer holds at least (`toMatchObject`), with `$NAME` as in `run`. Default: it is not looked at. */
  readonly answer?: unknown
  /** Members of the answer to keep for later steps, `name: path`: `APP: 'appId'`, `FIRST: '0.id'`. */
  readonly keep?: Readonly<Record<string, string>>
  /** The step fails with this text in its error. */
  readonly refused?: string
  /** What to know of the result, for the documentation: a difference from the real service, or why it is refused. */
  readonly note?: string
}
