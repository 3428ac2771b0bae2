import { defineConfig } from 'vitest/config'

/** The pure tests of what `npm run mutate` changes: a mutant is run against those that reach it. */
export default defineConfig({
  test: {
    include: ['test/unit/infra/**/*.test.ts', 'test/unit/scripts/{rotation,proof}/**/*.test.ts'],
    testTimeout: 60_000,
    // Pure modules: nothing of one file's tests can reach another's.
    isolate: false,
  },
})
