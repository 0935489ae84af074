import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Checkout, Payment } from '../../../contract/customer.ts'
import { ApiProblem, networkProblem } from '../../ui/api.ts'
import { PayRun, type AttemptStore, type PayNeeds } from './run.ts'
import type { StoredAttempt } from './attempt.ts'

const rightPin = '246810'
const idr = (amountMinor: string) => ({ amountMinor, currency: 'IDR' as const })
type Fate = 'lost_before' | 'lost_after' | 'answered'

/** A server that pays an order once, remembers keys, and loses requests or answers as told. */
class Server {
  taken = 0
  answers = new Map<string, { pin: string; answer: Payment | ApiProblem }>()
  fates: Fate[] = []
  paidAs?: Payment

  #fate(): Fate {
    return this.fates.shift() ?? 'answered'
  }
  checkout(): Checkout {
    return {
      orderId: 'order',
      merchant: { name: 'Buku Pelangi', verified: true },
      merchantReference: 'BP-55210',
      lines: [],
      total: idr('21400000'),
      state: this.paidAs ? 'paid' : 'open',
      expiresAt: '2026-11-20T07:00:00.000Z',
      shopAnswerDeadlineSeconds: 7200,
      payer: { displayName: 'Ratna', contact: '', spendable: idr('1') },
      ...(this.paidAs ? { payment: { reference: this.paidAs.reference, state: 'completed' } } : {}),
    }
  }
  async ask(): Promise<Checkout> {
    if (this.#fate() !== 'answered') throw networkProblem()
    return this.checkout()
  }
  async pay(key: string, pin: string): Promise<Payment> {
    const fate = this.#fate()
    if (fate === 'lost_before') throw networkProblem()
    const known = this.answers.get(key)
    const answer =
      known && known.pin !== pin
        ? new ApiProblem({ code: 'idempotency_conflict', title: '', status: 409, retry: 'same_key' })
        : (known?.answer ?? this.#decide(pin))
    if (!known) this.answers.set(key, { pin, answer })
    if (fate === 'lost_after') throw networkProblem()
    if (answer instanceof ApiProblem) throw answer
    return answer
  }
  #decide(pin: string): Payment | ApiProblem {
    if (pin !== rightPin) return new ApiProblem({ code: 'pin_wrong', title: '', status: 403, retry: 'yes' })
    // Deliberately without a check that the order is open: the page alone must not pay twice.
    this.taken++
    return (this.paidAs = {
      reference: `TN-0000-000${this.taken}`,
      orderId: 'order',
      state: 'completed',
      amount: idr('21400000'),
      merchantName: 'Buku Pelangi',
      spendableAfter: idr('1'),
      paidAt: '2026-11-20T06:42:07.000Z',
    })
  }
}

function device(server: Server) {
  const kept = new Map<string, StoredAttempt>()
  const store: AttemptStore = {
    read: (orderId) => kept.get(orderId) ?? null,
    write: (attempt) => void kept.set(attempt.orderId, attempt),
    remove: (orderId) => void kept.delete(orderId),
  }
  let waiting: (() => void) | null = null
  let keys = 0
  const needs: PayNeeds = {
    orderId: 'order',
    customerId: 'ratna',
    store,
    pay: (key, pin) => {
      expect(kept.get('order')?.key).toBe(key)
      return server.pay(key, pin)
    },
    ask: () => server.ask(),
    schedule: (_delayMs, action) => {
      waiting = action
      return () => void (waiting = null)
    },
    newKey: () => `key-${++keys}`,
    clock: () => '2026-11-20T06:42:00.000Z',
  }
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
  return {
    kept,
    settle,
    open: () => new PayRun(needs, server.checkout()),
    async waitOver(): Promise<boolean> {
      const action = waiting
      waiting = null
      action?.()
      await settle()
      return action !== null
    },
  }
}

describe('paying over a bad network', () => {
  it('pays once when the answer is lost three times', async () => {
    const server = new Server()
    const phone = device(server)
    const run = phone.open()
    server.fates = ['lost_after', 'lost_before', 'lost_after']
    run.submit(rightPin)
    await phone.settle()
    expect(run.getState().step).toBe('finding')
    while (await phone.waitOver());
    expect(run.getState()).toMatchObject({ step: 'paid', payment: { reference: 'TN-0000-0001' } })
    expect(server.taken).toBe(1)
    expect(phone.kept.size).toBe(0)
  })

  it('after a reload shows the payment whose answer was lost, without asking for the PIN', async () => {
    const server = new Server()
    const phone = device(server)
    server.fates = ['lost_after']
    const run = phone.open()
    run.submit(rightPin)
    await phone.settle()
    run.stop()
    expect(JSON.stringify([...phone.kept.values()])).not.toContain(rightPin)
    expect(phone.open().getState()).toMatchObject({ step: 'paid', payment: { reference: 'TN-0000-0001' } })
  })

  it('after a reload of a lost request says that nothing was taken, and then pays under the same key', async () => {
    const server = new Server()
    const phone = device(server)
    server.fates = ['lost_before']
    const first = phone.open()
    first.submit(rightPin)
    await phone.settle()
    first.stop()
    const second = phone.open()
    expect(second.getState().step).toBe('finding')
    while (await phone.waitOver());
    expect(second.getState()).toEqual({ step: 'ready', key: 'key-1', nothingTaken: true })
    second.submit(rightPin)
    await phone.settle()
    expect(second.getState().step).toBe('paid')
    expect([...server.answers.keys()]).toEqual(['key-1'])
  })

  it('a lost "wrong PIN", a reload and the right PIN: one payment', async () => {
    const server = new Server()
    const phone = device(server)
    server.fates = ['lost_after']
    const first = phone.open()
    first.submit('111111')
    await phone.settle()
    first.stop()
    const second = phone.open()
    while (await phone.waitOver());
    second.submit(rightPin)
    await phone.settle()
    while (await phone.waitOver());
    expect(second.getState().step).toBe('paid')
    expect(server.taken).toBe(1)
  })

  it('never takes money twice, whatever is lost and however often the page is reloaded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Fate>('lost_before', 'lost_after', 'answered'), { maxLength: 12 }),
        fc.array(fc.constantFrom('right', 'wrong', 'reload', 'wait'), { minLength: 1, maxLength: 14 }),
        async (fates, actions) => {
          const server = new Server()
          const phone = device(server)
          server.fates = [...fates]
          let run = phone.open()
          for (const action of actions) {
            if (action === 'reload') {
              run.stop()
              run = phone.open()
            } else if (action === 'wait') await phone.waitOver()
            else run.submit(action === 'right' ? rightPin : '111111')
            await phone.settle()
          }
          while (await phone.waitOver());
          run.submit(rightPin)
          await phone.settle()
          while (await phone.waitOver());
          expect(server.taken).toBe(1)
          expect(run.getState().step).toBe('paid')
        },
      ),
      { numRuns: 300, seed: 20_261_122 },
    )
  })
})
