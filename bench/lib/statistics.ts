// What measurements make of their figures: medians, percentiles, rounding. Pure.

/** The middle of the values, or the mean of the two middle ones. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * The best of several settings, each by its median over the rounds. The best of each round instead would count luck: of
 * three figures that differ by chance alone the highest is always above the middle.
 */
export function bestMedian(settings: readonly (readonly number[])[]): number {
  return Math.max(...settings.map(median))
}

/** The value below which this share of the sorted values lies; 0 of none. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!
}

export const hundredths = (value: number): number => Math.round(value * 100) / 100

export interface Spread {
  p50Ms: number
  p99Ms: number
  maximumMs: number
}

/** Of latencies in milliseconds, in any order. */
export function spread(latenciesMs: readonly number[]): Spread {
  const sorted = Float64Array.from(latenciesMs).sort()
  return {
    p50Ms: hundredths(percentile(sorted, 0.5)),
    p99Ms: hundredths(percentile(sorted, 0.99)),
    maximumMs: hundredths(percentile(sorted, 1)),
  }
}
