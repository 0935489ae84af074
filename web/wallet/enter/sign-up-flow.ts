// Where a sign-up stands, kept for this tab, so that a reload between the code and the PIN starts nothing again.
// Passwords and PINs are never kept.

import type { CodeSent } from '../data/types.ts'

export type SignUpStep = 'contact' | 'code' | 'person' | 'pin'
export type SignUpFlow = { step: SignUpStep; contact: string; sent?: CodeSent; displayName: string }

const key = 'tuntas.sign-up'
export const newFlow: SignUpFlow = { step: 'contact', contact: '', displayName: '' }

/** The flow of this tab; a PIN step goes back to the password, which was not kept. */
export function readFlow(): SignUpFlow {
  try {
    const flow = JSON.parse(sessionStorage.getItem(key) ?? 'null') as SignUpFlow | null
    if (!flow?.sent) return newFlow
    return flow.step === 'pin' ? { ...flow, step: 'person' } : flow
  } catch {
    return newFlow
  }
}

export function writeFlow(flow: SignUpFlow | null): void {
  try {
    if (flow) sessionStorage.setItem(key, JSON.stringify(flow))
    else sessionStorage.removeItem(key)
  } catch {
    // Without storage a reload starts again.
  }
}
