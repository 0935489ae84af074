// Moves business time forward: asks the product, and this world follows.
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Settings } from '../platform/settings.ts'
import type { World } from '../platform/world.ts'

const AnswerSchema = Type.Object({ now: Type.String() })

/** The new business time, or undefined when the product did not answer. `advanceMs` ≥ 0. */
export async function moveTime(
  settings: Settings,
  world: World,
  advanceMs: number,
): Promise<Date | undefined> {
  try {
    const answer = await fetch(`${settings.customersUrl}/sandbox-control/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-tuntas-sandbox': settings.sandboxControlSecret },
      body: JSON.stringify({ advanceMs }),
      signal: AbortSignal.timeout(5000),
    })
    if (!answer.ok) return undefined
    const body: unknown = await answer.json().catch(() => undefined)
    const told = Value.Check(AnswerSchema, body) ? new Date(body.now) : undefined
    const now = told && !Number.isNaN(told.getTime()) ? told : new Date(world.now().getTime() + advanceMs)
    await world.follow(now)
    return now
  } catch {
    return undefined
  }
}

/** Follows the product's time, which something else may have moved. Without an answer nothing changes. */
export async function learnTime(settings: Settings, world: World): Promise<void> {
  try {
    const answer = await fetch(`${settings.customersUrl}/sandbox-control/clock`, {
      signal: AbortSignal.timeout(700),
    })
    const body: unknown = await answer.json()
    if (answer.ok && Value.Check(AnswerSchema, body)) await world.follow(new Date(body.now))
  } catch {
    // The product is not running: the page says what was known.
  }
}
