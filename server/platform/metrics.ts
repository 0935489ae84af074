// Counters for operators, in Prometheus's format on /metrics.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  readonly httpSeconds: Histogram<'face' | 'route' | 'status'>
  readonly refusals: Counter<'code'>
  readonly jobSeconds: Histogram<'job'>
  readonly jobFailures: Counter<'job'>
  readonly liveConnections: Gauge<'kind'>
  gauge(name: string, help: string, read: () => number | Promise<number>): void
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
  return {
    registry,
    httpSeconds: new Histogram({
      name: 'tuntas_http_seconds',
      help: 'Answer time by route',
      labelNames: ['face', 'route', 'status'],
      buckets,
      registers,
    }),
    refusals: new Counter({
      name: 'tuntas_refusals_total',
      help: 'Refused requests by code',
      labelNames: ['code'],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'tuntas_job_seconds',
      help: 'Run time by job',
      labelNames: ['job'],
      buckets,
      registers,
    }),
    jobFailures: new Counter({
      name: 'tuntas_job_failures_total',
      help: 'Failed runs by job',
      labelNames: ['job'],
      registers,
    }),
    liveConnections: new Gauge({
      name: 'tuntas_live_connections',
      help: 'Open live connections',
      labelNames: ['kind'],
      registers,
    }),
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read())
        },
      })
    },
  }
}
