// The test projects: `server` runs a second time on another PostgreSQL; `rest` would find nothing new there;
// `journeys` are whole stories in a real browser, one after the other. `npm test` runs them all.
import { defineConfig } from 'vitest/config'
import { cataloguePlugin } from './web/vite/catalogue.ts'

// Most tests wait for a database or a process of their own, so there are more workers than two cores.
// A poll waits as long as a busy machine needs; what it waits for ends it at once.
const shared = { environment: 'node', restoreMocks: true, expect: { poll: { timeout: 30_000 } } } as const
const atOnce = 3

/** Tests of the server that ask the test server's PostgreSQL nothing: rules, and the PostgreSQL that the product brings along. */
const askNoDatabase = [
  'server/platform/embedded/**/*.test.ts',
  'server/**/*.rules.test.ts',
  'server/demo/story.test.ts',
  'server/modules/refunds/refund.model.test.ts',
]

export default defineConfig({
  plugins: [cataloguePlugin()],
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    maxWorkers: atOnce,
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: askNoDatabase,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'rest',
          include: [
            'contract/**/*.test.ts',
            'web/**/*.test.{ts,tsx}',
            'sandbox/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
            ...askNoDatabase,
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'journeys',
          include: ['journeys/**/*.test.ts'],
          globalSetup: ['journeys/lib/prepare.ts'],
          // Only so that nothing hangs: other tests may run at the same time.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // A real browser on a small, busy machine: a story that fails is told once more; its first failure stays in the output.
          retry: 1,
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
  },
})
