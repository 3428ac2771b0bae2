/** The state of one stage. */
export interface Backend {
  /** What Pulumi reads to reach it. */
  readonly env: Readonly<Record<string, string>>
  /** The state of a stack as it lies there now; empty while there is none, and in the instant in which a file is replaced. */
  stateOf(stack: string): Promise<string>
  close(): Promise<void>
}

/** Where the state of a stack lies below the root of every back end; the project of a stage is called `entra-apps`. */
export const stateKey = (stack: string) => `.pulumi/stacks/entra-apps/${stack}.json`
