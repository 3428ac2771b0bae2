/** One line of the benchmark's output. */
export interface Figure {
  readonly name: string
  readonly value: string
}

/** Milliseconds as seconds with two decimals. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
