import { defineConfig } from 'vitest/config'

/** The pure tests of what `npm run mutate` changes: a mutant is run against those that reach it. */
export default defineConfig({
  test: {
    // MUTATE_TESTS holds patterns, with blanks between them: for one file, the tests that lie beside it are far faster.
    include: process.env['MUTATE_TESTS']?.split(' ') ?? [
      'test/unit/infra/**/*.test.ts',
      'test/unit/scripts/{rotation,proof}/**/*.test.ts',
    ],
    // How the cost of a stack grows is no matter of one mutant, and takes longer than all rules together.
    exclude: ['test/unit/infra/rules/large-stack.test.ts'],
    testTimeout: 60_000,
    // Pure modules: nothing of one file's tests can reach another's.
    isolate: false,
  },
})
