import { defineConfig } from 'vitest/config'

// Three speeds: `unit` is pure and takes seconds; `conformance` speaks HTTPS to a local tenant; `engine` runs the
// real Pulumi CLI, which is slow and needs both cores, so its files run two at a time.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
          globalSetup: ['test/engine/global-setup.ts'],
        },
      },
    ],
  },
})
