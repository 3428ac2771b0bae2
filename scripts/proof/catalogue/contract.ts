import { DIRECTORY_ROWS } from './directory-contract.ts'
import { type CatalogueEntry, entries } from './entry.ts'
import { TOKEN_ROWS } from './token-contract.ts'

const ROWS = [...TOKEN_ROWS, ...DIRECTORY_ROWS] as const

/** A difference that the engine itself finds. */
export type ContractCode = (typeof ROWS)[number][0]

/** Differences between what was declared and what was answered. */
export const CONTRACT: readonly CatalogueEntry[] = entries('contract', ROWS)
