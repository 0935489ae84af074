// What every room is given: the plumbing, without business words.
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './db.ts'
import type { Jobs } from './jobs.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Consumer } from './outbox.ts'
import type { References } from './references.ts'

export interface Platform {
  readonly config: Readonly<Config>
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly jobs: Jobs
  readonly metrics: Metrics
  readonly references: References
  readonly events: {
    /** Call after a commit that published: the sequencer and the live screens look at once. */
    wake(): void
    /** A durable reader of the outbox, started with the jobs. */
    consume(consumer: Consumer): void
  }
}
