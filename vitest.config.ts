import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// Three speeds, one after the other: `unit` is pure and takes seconds; `conformance` speaks HTTPS to local tenants;
// `engine` runs the real Pulumi CLI, which is slow and busy, so its files run two at a time.
export default defineConfig({
  test: {
    // Vitest would leave a processor unused, which is half of a machine with two.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // For properties with hundreds of runs on a busy machine; no test waits for anything.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts', 'examples/testing/test/*.test.ts'],
          // The examples import what people install; test/engine/package.test.ts runs them from the tarball.
          alias: {
            'entra-apps/tenant': resolve(import.meta.dirname, 'tenant/public.ts'),
            'entra-apps/verify': resolve(import.meta.dirname, 'scripts/proof/public.ts'),
          },
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          globalSetup: ['test/engine/global-setup.ts'],
        },
      },
    ],
  },
})
