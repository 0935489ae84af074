// What a PIN may be, and what a try means: pure. Three wrong tries lock it for 15 minutes, then 30, 60, … a day.
// While it is locked not even the right PIN is told from a wrong one.

export interface PinState {
  /** Since the last lock or the last right one. */
  wrongTries: number
  /** Locks since the last right one. */
  locks: number
  lockedUntil: Date | undefined
}

export type PinVerdict =
  { verdict: 'right' } | { verdict: 'wrong'; triesLeft: number } | { verdict: 'locked'; untilAt: Date }

export const pinTries = 3
const firstLockMs = 15 * 60_000
const longestLockMs = 24 * 3_600_000

export const untriedPin: PinState = { wrongTries: 0, locks: 0, lockedUntil: undefined }

/** Judges one try. The same `state` object comes back when nothing has to be written. */
export function judgePin(
  state: PinState,
  right: boolean,
  now: Date,
): { verdict: PinVerdict; state: PinState } {
  if (state.lockedUntil && state.lockedUntil > now)
    return { verdict: { verdict: 'locked', untilAt: state.lockedUntil }, state }
  if (right) {
    const untouched = state.wrongTries === 0 && state.locks === 0
    return { verdict: { verdict: 'right' }, state: untouched ? state : untriedPin }
  }
  const wrongTries = state.wrongTries + 1
  if (wrongTries < pinTries)
    return {
      verdict: { verdict: 'wrong', triesLeft: pinTries - wrongTries },
      state: { ...state, wrongTries, lockedUntil: undefined },
    }
  const untilAt = new Date(
    now.getTime() + Math.min(longestLockMs, firstLockMs * 2 ** Math.min(20, state.locks)),
  )
  return {
    verdict: { verdict: 'locked', untilAt },
    state: { wrongTries: 0, locks: state.locks + 1, lockedUntil: untilAt },
  }
}

/** True for the PINs that are tried first: one digit, runs, and repeated or mirrored groups. */
export function isWeakPin(pin: string): boolean {
  const digits = [...pin].map(Number)
  const step = (digits[1]! - digits[0]! + 10) % 10
  const isRun =
    (step === 0 || step === 1 || step === 9) &&
    digits.every((digit, place) => place === 0 || (digit - digits[place - 1]! + 10) % 10 === step)
  const repeats =
    pin.slice(0, 3) === pin.slice(3) ||
    (pin.slice(0, 2) === pin.slice(2, 4) && pin.slice(0, 2) === pin.slice(4))
  const pairs = /^(\d)\1(\d)\2(\d)\3$/.test(pin) || /^(\d)\1\1(\d)\2\2$/.test(pin)
  return isRun || repeats || pairs || ['123321', '112358', '147258', '159753', '246810'].includes(pin)
}
