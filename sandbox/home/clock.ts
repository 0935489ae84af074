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
