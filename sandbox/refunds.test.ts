import { randomUUID } from 'node:crypto'
import { beforeEach, expect, it, vi } from 'vitest'
import { orderEvent, setStage, shopRefund, signedWebhook } from './for-tests.ts'

const stage = setStage()
const { form, read } = stage
const patience = { timeout: 60_000, interval: 50 }
const page = '/shop/buku-pelangi/refunds'

beforeEach(async () => {
  stage.product.calls = []
  stage.product.answers = {}
  stage.product.refunds = []
  await switchTo({ up: true, refunds: 'silent' })
})

async function switchTo(shopSwitches: Record<string, unknown>): Promise<number> {
  const answer = await fetch(`${stage.sandbox.url}/switches`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shop: shopSwitches }),
  })
  return answer.status
}

const stateOf = async (number: string) =>
  JSON.parse(await read(`/shop/buku-pelangi/orders/${number}/state`)) as {
    state: string
    payment: string | null
  }

/** Orders two books for Rp 208.000; the shop waits for the payment. */
const order = async () => (await stage.buy()).number
const tell = (event: unknown, id?: string, secret?: string) =>
  stage.tell(
    signedWebhook(event, { ...(id ? { id } : {}), ...(secret ? { secret } : {}) }),
    '/shop/buku-pelangi/webhooks',
  )

let next = 0
const newReference = () => `RF-7Q2M-${(1000 + next++).toString()}`
const refundEvent = (
  type: 'requested' | 'paid' | 'declined',
  reference: string,
  number: string,
  more: object = {},
) => ({
  type: `refund.${type}`,
  timestamp: new Date().toISOString(),
  data: { ...shopRefund(reference, number), state: type === 'requested' ? 'asking_shop' : type, ...more },
})

const answersOf = (reference: string) => stage.product.to(`/merchant/v1/refunds/${reference}/answer`)

it('shows what is asked, escaped, and sends the answer that the shopkeeper presses, signed', async () => {
  const [number, reference] = [await order(), newReference()]
  expect((await tell(refundEvent('requested', reference, number))).status).toBe(204)
  const shown = await read(`${page}?lang=en`)
  expect(shown).toContain(`data-refund="${reference}" data-state="asking_shop"`)
  expect(shown).toContain('Toko bilang &lt;b&gt;belum&lt;/b&gt;')
  expect(shown).toContain('Rp\u00a0208.000')
  expect((await form(`${page}/${reference}`, { answer: 'agree' })).status).toBe(303)
  expect(answersOf(reference)[0]).toMatchObject({ isSigned: true, body: { answer: 'agree' } })
  expect(await read(page)).toContain(`data-refund="${reference}" data-state="paid"`)

  // Pressed again, and differently: the first answer stands. (A slow machine may have sent it twice, under its one key.)
  await form(`${page}/${reference}`, { answer: 'refuse' })
  expect(new Set(answersOf(reference).map(({ body }) => body.answer))).toEqual(new Set(['agree']))
  expect(new Set(answersOf(reference).map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  expect((await form(`${page}/RF-0000-0000`, { answer: 'agree' })).status).toBe(404)
})

it('finds a request of which it was never told, because it asks', async () => {
  const [number, reference] = [await order(), newReference()]
  stage.product.refunds = [shopRefund(reference, number)]
  expect(await read(page)).toContain(`data-refund="${reference}" data-state="asking_shop"`)
  expect(stage.product.to('/merchant/v1/refunds?state=asking_shop')[0]!.isSigned).toBe(true)
  stage.product.answers['/merchant/v1/refunds?state=asking_shop'] = ['drop']
  expect(await read(`${page}?lang=en`)).toContain('Tuntas does not answer')
})

it.each(['agree', 'refuse'] as const)('answers %s by itself when it is switched so', async (answer) => {
  await switchTo({ refunds: answer })
  const [number, reference] = [await order(), newReference()]
  await tell(refundEvent('requested', reference, number))
  await vi.waitFor(() => expect(answersOf(reference)).toMatchObject([{ body: { answer } }]), patience)
})

it('sends an answer under one key until it arrives, also after kill -9', async () => {
  const [number, reference] = [await order(), newReference()]
  const path = `/merchant/v1/refunds/${reference}/answer`
  stage.product.answers[path] = ['drop', 503]
  await tell(refundEvent('requested', reference, number))
  await form(`${page}/${reference}`, { answer: 'agree' })
  await vi.waitFor(() => expect(answersOf(reference).length).toBeGreaterThanOrEqual(2), patience)
  await stage.restartAfterKill()
  await vi.waitFor(
    async () => expect(await read(page)).toContain(`"${reference}" data-state="paid"`),
    patience,
  )
  expect(new Set(answersOf(reference).map((call) => call.headers['idempotency-key'])).size).toBe(1)
})

it('says nothing more when Tuntas refuses the answer, and shows why', async () => {
  const [number, reference] = [await order(), newReference()]
  stage.product.answers[`/merchant/v1/refunds/${reference}/answer`] = [409]
  await tell(refundEvent('requested', reference, number))
  await form(`${page}/${reference}`, { answer: 'refuse' })
  expect(await read(`${page}?lang=en`)).toContain('Tuntas answered: merchant_blocked')
})

it('an order is refunded when a signed webhook says that all of it went back, and stays so', async () => {
  const [number, reference] = [await order(), newReference()]
  const paid = refundEvent('paid', reference, number)
  expect((await tell(paid, randomUUID(), 'whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).status).toBe(401)
  expect(await stateOf(number)).toMatchObject({ state: 'waiting' })
  expect((await tell(paid)).status).toBe(204)
  expect(await stateOf(number)).toMatchObject({ state: 'refunded', payment: 'TN-7Q2M-93TD' })
  // Told late: that it was asked, and that it was paid.
  await tell(refundEvent('requested', reference, number))
  await tell(orderEvent(number))
  expect(await stateOf(number)).toMatchObject({ state: 'refunded' })
  expect(await read(page)).toContain(`data-refund="${reference}" data-state="paid"`)
  expect(await read(`/shop/buku-pelangi/orders/${number}?lang=zh`)).toContain('已退款')
})

it('a part that went back leaves the order as it was, and two parts make a whole', async () => {
  const number = await order()
  const part = { amount: { amountMinor: '10400000', currency: 'IDR' } }
  await tell(refundEvent('paid', newReference(), number, part))
  expect(await stateOf(number)).toMatchObject({ state: 'waiting' })
  await tell(refundEvent('paid', newReference(), number, part))
  expect(await stateOf(number)).toMatchObject({ state: 'refunded' })
})

it('declined ends the request and leaves the order', async () => {
  const [number, reference] = [await order(), newReference()]
  await tell(refundEvent('requested', reference, number))
  await tell(refundEvent('declined', reference, number))
  expect(await read(page)).toContain(`data-refund="${reference}" data-state="declined"`)
  expect(await stateOf(number)).toMatchObject({ state: 'waiting' })
})

it('speaks three languages, and knows no other switch', async () => {
  for (const [lang, word] of [
    ['id', 'Permintaan uang kembali'],
    ['en', 'Money-back requests'],
    ['zh', '退款请求'],
  ] as const)
    expect(await read(`${page}?lang=${lang}`)).toContain(word)
  expect(await switchTo({ refunds: 'maybe' })).toBe(422)
})
