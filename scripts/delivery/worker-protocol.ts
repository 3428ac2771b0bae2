import type { Delivery } from './target.ts'

/** What a module is asked in its thread. */
export interface Question {
  readonly call: 'deliver' | 'holds'
  readonly delivery: Delivery
  readonly settings: Readonly<Record<string, unknown>>
  readonly version?: string | undefined
}

/** What came of it. */
export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly message: string; readonly exposed: boolean }
