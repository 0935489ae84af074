// The server's time as this page knows it: answers carry `asOf`, and business time may run ahead of this computer's.
// For display only; no decision is taken on it.

import { useSyncExternalStore } from 'react'

let offsetMs = 0

/** Takes note of the server's time from an answer's `asOf`. Small differences are the network's and are left out. */
export function noteServerTime(asOf: string): void {
  const differenceMs = Date.parse(asOf) - Date.now()
  if (Math.abs(differenceMs - offsetMs) <= 2000) return
  offsetMs = differenceMs
  // What counts down on the screen must not go on with the old time until its next tick.
  for (const ticker of tickers.values()) ticker.tick()
}

/** The server's time now, in Unix milliseconds. */
export const serverNow = (): number => Date.now() + offsetMs

type Ticker = { subscribe: (listener: () => void) => () => void; now: () => number; tick: () => void }
const tickers = new Map<number, Ticker>()

/** One timer for all who want the same period; it runs only while somebody looks. */
function tickerOf(periodMs: number): Ticker {
  const known = tickers.get(periodMs)
  if (known) return known
  const listeners = new Set<() => void>()
  let nowMs = serverNow()
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = (): void => {
    nowMs = serverNow()
    for (const listener of listeners) listener()
  }
  const ticker: Ticker = {
    tick,
    now: () => nowMs,
    subscribe: (listener) => {
      if (listeners.size === 0) {
        nowMs = serverNow()
        timer = setInterval(tick, periodMs)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearInterval(timer)
      }
    },
  }
  tickers.set(periodMs, ticker)
  return ticker
}

/** The server's time, read again every `periodMs`. */
export function useNow(periodMs = 10_000): number {
  const ticker = tickerOf(periodMs)
  return useSyncExternalStore(ticker.subscribe, ticker.now, ticker.now)
}
