// Abuse of refunds, each case by its number, on a real PostgreSQL with real races: fifty at once, every one under its own key.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { Refusal } from '#platform/refusal.ts'
import { agent, createWorld, hour, rupiah, type World } from './for-tests.ts'

let world: World
let shop: { merchantId: string }
let customer: string

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  shop = await world.newShop()
  customer = await world.newCustomer(9_000_000n)
})

const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index))
const answer = (number: bigint, given: 'agree' | 'refuse') =>
  world.refunds.answer(shop.merchantId, number, { answer: given, note: undefined })
const grant = (number: bigint, by = agent()) =>
  world.refunds.decide(by, { number, decision: 'grant', note: 'seen' })

/** All at once; answers the codes of the refusals. Anything else than a refusal fails the test. */
async function race(work: readonly Promise<unknown>[]): Promise<{ done: number; codes: string[] }> {
  const outcomes = await Promise.allSettled(work)
  const codes = outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return []
    if (outcome.reason instanceof Refusal) return [outcome.reason.code]
    throw outcome.reason
  })
  return { done: work.length - codes.length, codes: [...new Set(codes)] }
}

/** A refund in review, by refusal of the shop. */
async function inReview(payment: bigint, amount?: bigint): Promise<bigint> {
  const number = await world.ask(customer, payment, amount)
  await answer(number, 'refuse')
  return number
}

async function movedBack(number: bigint): Promise<bigint[]> {
  const transfers = await world.ledger.transfersByReference(
    world.platform.db.read,
    referenceOf('RF', number),
    { limit: 100 },
  )
  return transfers.flatMap((transfer) => (transfer.kind === 'refund' ? [transfer.amount] : []))
}

describe('money', () => {
  it('M5 never more than was paid, in one piece or in parts', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const tooMuch = { code: 'refund_not_allowed', values: { why: 'more_than_left' } }
    await expect(world.ask(customer, payment, 300_001n)).rejects.toMatchObject(tooMuch)
    await world.give(shop.merchantId, payment, 200_000n)
    await expect(world.give(shop.merchantId, payment, 100_001n)).rejects.toMatchObject(tooMuch)
    await world.give(shop.merchantId, payment, 100_000n)
    await expect(world.give(shop.merchantId, payment, 1n)).rejects.toMatchObject({
      code: 'refund_not_allowed',
      values: { why: 'already_returned' },
    })
    expect(await world.balanceOf(customer)).toBe(9_000_000n)
  })

  it('M5 the database itself refuses more than was paid', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    await expect(
      world.platform.db.read.run('UPDATE payments.payments SET refunded = amount + 1 WHERE number = $1', [
        payment,
      ]),
    ).rejects.toMatchObject({ constraint: 'refunded_within_payment' })
  })

  it('M6 fifty partial refunds at once under fifty keys stop at the sum', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const { done, codes } = await race(times(50, () => world.give(shop.merchantId, payment, 30_000n)))
    expect({ done, codes }).toEqual({ done: 10, codes: ['refund_not_allowed'] })
    expect(await world.balanceOf(customer)).toBe(9_000_000n)
    expect(await world.payableOf(shop.merchantId)).toBe(0n)
  })

  it('M6 fifty requests at once under fifty keys are one open refund, and fifty answers pay it once', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const { done } = await race(times(50, () => world.ask(customer, payment)))
    expect(done).toBe(1)
    const list = await world.platform.db.read.rows<{ number: bigint }>(
      'SELECT number FROM refunds.refunds WHERE payment_number = $1',
      [payment],
    )
    expect(list.length).toBe(1)
    const { number } = list[0]!
    expect((await race(times(50, () => answer(number, 'agree')))).done).toBe(50)
    expect(await movedBack(number)).toEqual([rupiah(300_000n)])
  })

  it('one key fifty times at once is one refund', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const key = uuidv7()
    const numbers = await Promise.all(times(50, () => world.ask(customer, payment, 100_000n, key)))
    expect(new Set(numbers).size).toBe(1)
  })

  it('M7 after a reversal nothing is refunded', async () => {
    const payment = await world.pay(customer, shop.merchantId, 300_000n)
    world.platform.clock.advance(3 * hour)
    await world.payments.returnDue()
    for (const ask of [
      () => world.ask(customer, payment),
      () => world.give(shop.merchantId, payment, 1_000n),
    ])
      await expect(ask()).rejects.toMatchObject({
        code: 'refund_not_allowed',
        values: { why: 'already_returned' },
      })
    expect(await world.balanceOf(customer)).toBe(9_000_000n)
  })

  it('M7 a payment goes back once, and never after its shop acknowledged it', async () => {
    // The third stays with the shop: its money must not go back in the place of another's.
    const [credited, returned] = await Promise.all(
      times(3, () => world.pay(customer, shop.merchantId, 10_000n)),
    )
    await world.credit([credited!])
    const back = (number: bigint) =>
      world.platform.db.transaction((tx) =>
        world.payments.returnNow(tx, number, { who: { kind: 'system' }, because: 'test' }),
      )
    expect([await back(credited!), await back(returned!), await back(returned!)]).toEqual([
      false,
      true,
      false,
    ])
    expect(await world.balanceOf(customer)).toBe(9_000_000n - 20_000n)
  })

  it('M7 the automatic return, the shop, the customer and the acknowledgement race, fifty times: money moves once', async () => {
    const payments: bigint[] = []
    for (let index = 0; index < 50; index++)
      payments.push(await world.pay(customer, shop.merchantId, 10_000n))
    const numbers = await Promise.all(payments.map((payment) => world.ask(customer, payment)))
    world.platform.clock.advance(3 * hour)
    await race([
      ...numbers.slice(0, 30).map((number) => answer(number, 'agree')),
      world.payments.returnDue(),
      ...payments.slice(20, 30).map((payment) => world.credit([payment])),
      ...numbers.slice(0, 15).map((number) => world.refunds.withdraw(customer, number)),
      world.payments.returnDue(),
    ])
    for (let left = 1; left > 0;) left = await world.payments.returnDue()
    for (const [index, number] of numbers.entries()) {
      const { state } = await world.state(number)
      const back = (await movedBack(number)).length
      const returned = (
        await world.ledger.transfersByReference(world.platform.db.read, referenceOf('TN', payments[index]!), {
          limit: 100,
        })
      ).filter((transfer) => transfer.kind === 'payment_returned').length
      expect(back).toBe(state === 'paid' ? 1 : 0)
      expect(back + returned).toBeLessThanOrEqual(1)
      expect(['paid', 'withdrawn', 'overtaken']).toContain(state)
    }
    expect(await world.checkLedger()).toEqual({ sums: [0n], broken: [] })
  })

  it('M13 a freeze while a refund is paid: the money comes, and nothing of it is spent', async () => {
    const payments = await Promise.all(times(10, () => world.payCredited(customer, shop.merchantId, 10_000n)))
    const numbers = await Promise.all(payments.map((payment) => world.ask(customer, payment)))
    const freeze = world.wallets.freeze(customer, { kind: 'customer', id: customer })
    const spends = times(10, () => world.pay(customer, shop.merchantId, 1_000n))
    const [, , outcomes] = await Promise.all([
      freeze,
      race(numbers.map((number) => answer(number, 'agree'))),
      Promise.allSettled(spends),
    ])
    const spent = BigInt(outcomes.filter((outcome) => outcome.status === 'fulfilled').length)
    for (const number of numbers) expect((await world.state(number)).state).toBe('paid')
    expect(await world.balanceOf(customer)).toBe(9_000_000n - spent * 1_000n)
    await expect(world.pay(customer, shop.merchantId, 1_000n)).rejects.toMatchObject({
      code: 'account_frozen',
    })
  })

  it('M13 a payment that meets a freeze under way waits for it, and is refused', async () => {
    const { db } = world.platform
    const waiters = () =>
      db.read.one<{ count: bigint }>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      )
    let paying: Promise<unknown> = Promise.resolve()
    await db.transaction(async (tx) => {
      await tx.run("UPDATE wallets.wallets SET status = 'frozen', frozen_at = $2 WHERE customer_id = $1", [
        customer,
        world.platform.clock.now(),
      ])
      paying = world.pay(customer, shop.merchantId, 1_000n)
      let isDone = false
      void paying.catch(() => undefined).finally(() => (isDone = true))
      // The freeze is committed when the payment stands before it, or has gone past it.
      while (!isDone && (await waiters()).count === 0n);
    })
    await expect(paying).rejects.toMatchObject({ code: 'account_frozen' })
    expect(await world.balanceOf(customer)).toBe(9_000_000n)
  })
})

describe('rights', () => {
  it('R5 who asked for it neither grants nor approves it, whoever grants', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 800_000n)
    const maker = agent()
    const number = await world.refunds.request({
      by: { kind: 'agent', id: maker.agentId },
      key: uuidv7(),
      paymentNumber: payment,
      amountMinor: undefined,
      reason: 'not_received',
      note: 'asked for in the chat',
      caseId: uuidv7(),
    })
    await answer(number, 'refuse')
    await expect(grant(number, maker)).rejects.toMatchObject({ code: 'second_person_needed' })
    const secondAccount = agent()
    world.fourEyes.behind.set(secondAccount.agentId, maker.agentId)
    await expect(grant(number, secondAccount)).rejects.toMatchObject({ code: 'second_person_needed' })
    const ownWallet = agent('lead')
    world.fourEyes.behind.set(ownWallet.agentId, customer)
    await expect(grant(number, ownWallet)).rejects.toMatchObject({ code: 'forbidden' })
    await grant(number)
    const { approvalId } = await world.state(number)
    expect(world.fourEyes.open.get(approvalId!)?.alsoInvolved).toEqual([maker.agentId])
    await expect(world.fourEyes.approve(approvalId!, maker.agentId)).rejects.toMatchObject({
      code: 'second_person_needed',
    })
    expect(await movedBack(number)).toEqual([])
    await world.fourEyes.approve(approvalId!)
    expect((await world.state(number)).state).toBe('paid')
  })

  it('R5 granting above the limit asks for a proof of presence, below it does not; nothing is counted without', async () => {
    const away = agent()
    world.absent.add(away.agentId)
    const large = await inReview(await world.payCredited(customer, shop.merchantId, 500_001n))
    await expect(grant(large, away)).rejects.toMatchObject({ code: 'presence_required' })
    expect(await world.state(large)).toMatchObject({ state: 'in_review', decision: undefined })
    const small = await inReview(await world.payCredited(customer, shop.merchantId, 500_000n))
    await grant(small, away)
    expect((await world.state(small)).state).toBe('paid')
    world.absent.delete(away.agentId)
    await grant(large, away)
    expect((await world.state(large)).state).toBe('awaiting_approval')
    const { granted } = await world.platform.db.read.one<{ granted: bigint }>(
      'SELECT max(granted) AS granted FROM refunds.staff_grants WHERE agent_id = $1',
      [away.agentId],
    )
    expect(granted).toBe(rupiah(1_000_001n))
    // The customer reads who decided about their money, whatever the decision was.
    expect(world.looks.filter((look) => look.agent.agentId === away.agentId)).toContainEqual(
      expect.objectContaining({
        customerId: customer,
        reason: 'decision',
        reference: referenceOf('RF', large),
      }),
    )
  })

  it('R6 what changed after it was shown is not done: the money stands elsewhere by then', async () => {
    const payment = await world.pay(customer, shop.merchantId, 800_000n)
    const number = await inReview(payment)
    await grant(number)
    const { approvalId, proposedPayload } = await world.state(number)
    expect(proposedPayload).toMatchObject({
      fromAccount: 'shop_unacknowledged',
      amountMinor: rupiah(800_000n).toString(),
    })
    await world.credit([payment])
    const now = await world.platform.db.transaction((tx) =>
      world.fourEyes.payload(tx, referenceOf('RF', number)),
    )
    expect(now).not.toEqual(proposedPayload)
    await expect(world.fourEyes.approve(approvalId!)).rejects.toMatchObject({ code: 'approval_voided' })
    expect(await movedBack(number)).toEqual([])
    await world.fourEyes.close(approvalId!, 'voided')
    expect(await world.state(number)).toMatchObject({
      state: 'in_review',
      owner: 'staff',
      reviewCause: 'approval_closed',
    })
  })

  it('R6 an approval that the shop’s acknowledgement made untrue is void by itself; what then is granted pays once', async () => {
    const payment = await world.pay(customer, shop.merchantId, 800_000n)
    const number = await inReview(payment)
    const bagus = agent()
    await grant(number, bagus)
    const { approvalId } = await world.state(number)
    expect(await world.refunds.voidChanged()).toBe(0)
    await world.credit([payment])
    expect(await world.refunds.voidChanged()).toBe(1)
    expect(world.fourEyes.open.has(approvalId!)).toBe(false)
    expect(await world.state(number)).toMatchObject({ state: 'in_review', reviewCause: 'approval_closed' })
    expect(await world.refunds.voidChanged()).toBe(0)
    await grant(number, bagus)
    await world.fourEyes.approve((await world.state(number)).approvalId!)
    expect(await movedBack(number)).toEqual([rupiah(800_000n)])
    expect(await world.balanceOf(customer)).toBe(9_000_000n)
  })

  it('R6 fifty approvals at once pay once', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 800_000n)
    const number = await inReview(payment)
    await grant(number)
    const { approvalId } = await world.state(number)
    const { done, codes } = await race(times(50, () => world.fourEyes.approve(approvalId!)))
    expect({ done, codes }).toEqual({ done: 1, codes: ['approval_voided'] })
    expect(await movedBack(number)).toEqual([rupiah(800_000n)])
  })

  it('R7 parts of one payment below the limit need the second person all the same', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 900_000n)
    const first = await inReview(payment, 300_000n)
    await grant(first)
    expect((await world.state(first)).state).toBe('paid')
    const second = await inReview(payment, 300_000n)
    await grant(second)
    expect(await world.state(second)).toMatchObject({ state: 'awaiting_approval', owner: 'second_person' })
    expect(await movedBack(second)).toEqual([])
  })

  it('R7 a large refund that the shop agreed to needs a second person too', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 6_000_000n)
    const number = await world.give(shop.merchantId, payment)
    expect(await world.state(number)).toMatchObject({ state: 'awaiting_approval', owner: 'second_person' })
    await world.fourEyes.close((await world.state(number)).approvalId!, 'expired')
    expect(await world.state(number)).toMatchObject({ state: 'in_review', owner: 'staff' })
  })

  it('R7 many payments do not go around what one member of staff may grant in a day, not even at once', async () => {
    // Each of another customer: only the counters of the agent stand between them.
    const numbers: bigint[] = []
    for (let index = 0; index < 25; index++) {
      customer = await world.newCustomer(500_000n)
      numbers.push(await inReview(await world.payCredited(customer, shop.merchantId, 500_000n)))
    }
    const bagus = agent()
    const { done, codes } = await race(numbers.map((number) => grant(number, bagus)))
    expect({ done, codes }).toEqual({ done: 20, codes: ['staff_limit'] })
    expect(await world.payableOf(shop.merchantId)).toBe(5n * 500_000n)
    await expect(
      Promise.all(numbers.map(async (number) => (await world.state(number)).state)),
    ).resolves.toSatisfy((states: string[]) => states.filter((state) => state === 'in_review').length === 5)
  })

  it('N6 nor what may be granted to one customer in a day', async () => {
    const bagus = agent()
    for (let index = 0; index < 10; index++)
      await grant(await inReview(await world.payCredited(customer, shop.merchantId, 500_000n)), bagus)
    const eleventh = await inReview(await world.payCredited(customer, shop.merchantId, 100_000n))
    await expect(grant(eleventh, bagus)).rejects.toMatchObject({ code: 'staff_limit' })
    await grant(eleventh)
  })

  it('N6 a grant that the second person declines counts no longer: granting it again counts once', async () => {
    const bagus = agent()
    const day = () =>
      world.platform.db.read.rows<{ granted: bigint }>(
        'SELECT granted FROM refunds.staff_grants WHERE agent_id = $1 ORDER BY day, customer_id',
        [bagus.agentId],
      )
    const granted = async () => (await day()).map((row) => row.granted / 100n)
    const number = await inReview(await world.payCredited(customer, shop.merchantId, 3_000_000n))
    const approval = async () => (await world.state(number)).approvalId!
    await grant(number, bagus)
    await world.fourEyes.close(await approval(), 'declined')
    expect(await granted()).toEqual([0n, 0n])
    // Twice three million would be above what may be granted to one customer in a day.
    await grant(number, bagus)
    expect(await granted()).toEqual([3_000_000n, 3_000_000n])
    // Over night it runs out: it is taken off the day on which it was counted, and counted on the new one.
    world.platform.clock.advance(24 * hour)
    await world.fourEyes.close(await approval(), 'expired')
    await grant(number, bagus)
    expect(await granted()).toEqual([0n, 0n, 3_000_000n, 3_000_000n])
    await world.fourEyes.approve(await approval())
    expect(await granted()).toEqual([0n, 0n, 3_000_000n, 3_000_000n])
  })

  it('N6 a grant that the customer withdraws before anybody approved it counts no longer', async () => {
    const bagus = agent()
    const number = await inReview(await world.payCredited(customer, shop.merchantId, 800_000n))
    await grant(number, bagus)
    await world.refunds.withdraw(customer, number)
    const rows = await world.platform.db.read.rows(
      'SELECT 1 FROM refunds.staff_grants WHERE agent_id = $1 AND granted <> 0',
      [bagus.agentId],
    )
    expect(rows).toEqual([])
  })

  it('R12 nobody decides about money for their own wallet', async () => {
    const number = await inReview(await world.payCredited(customer, shop.merchantId, 100_000n))
    await expect(grant(number, agent('lead', customer))).rejects.toMatchObject({ code: 'forbidden' })
    expect((await world.refunds.decisions(customer)).map((each) => each.reference)).not.toContain(
      referenceOf('RF', number),
    )
  })
})
