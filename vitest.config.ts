// The test projects: `server` runs a second time on another PostgreSQL; `once`, `rules` and `rest` would find nothing new there;
// `journeys` are whole stories in a real browser, one after the other. `npm test` runs them all.
import { defineConfig } from 'vitest/config'
import { cataloguePlugin } from './web/vite/catalogue.ts'

// Most tests wait for a database or a process of their own, so there are more workers than two cores.
// A poll waits as long as a busy machine needs; what it waits for ends it at once.
const shared = { environment: 'node', restoreMocks: true, expect: { poll: { timeout: 60_000 } } } as const
const atOnce = 3

/** A process of its own for each of these: they change what others share, or are about processes themselves. */
const standAlone = ['server/platform/embedded/**/*.test.ts', 'server/platform/passwords.test.ts']

/** Tests of the server that ask no PostgreSQL anything. */
const askNoDatabase = [
  'server/**/*.rules.test.ts',
  'server/demo/story.test.ts',
  'server/modules/desk/sign.test.ts',
  'server/modules/identity/contact.test.ts',
  'server/modules/knowledge/knowledge.test.ts',
  'server/modules/ledger/seal-{checkpoints,hash}.test.ts',
  'server/modules/notices/{carriers,templates}.test.ts',
  'server/modules/payments/number-pool.test.ts',
  'server/modules/refunds/refund.model.test.ts',
  'server/platform/{batch-reader,canonical,config,days,jobs,keys,turns}.test.ts',
]

/** Tests that ask a PostgreSQL for much, and of which another kind of PostgreSQL would tell nothing new. */
const oneKindIsEnough = ['server/demo/demo-again.test.ts', 'server/modules/payments/payments.crash.test.ts']

// Only so that nothing hangs: how quick a machine is proves nothing.
const limits = { testTimeout: 240_000, hookTimeout: 240_000 }

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
          ...limits,
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: [...standAlone, ...askNoDatabase, ...oneKindIsEnough],
          // The server keeps nothing in its modules: reading them once for a worker instead of once a file halves the work.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { ...shared, ...limits, name: 'once', include: oneKindIsEnough, isolate: false },
      },
      {
        extends: true,
        test: { ...shared, ...limits, name: 'rules', include: askNoDatabase, isolate: false },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...limits,
          name: 'rest',
          include: [
            'contract/**/*.test.ts',
            'web/**/*.test.{ts,tsx}',
            'sandbox/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
            ...standAlone,
          ],
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'journeys',
          include: ['journeys/**/*.test.ts'],
          globalSetup: ['journeys/lib/prepare.ts'],
          ...limits,
          // A real browser on a small, busy machine: a story that fails is told once more; its first failure stays in the output.
          retry: 1,
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
  },
})
