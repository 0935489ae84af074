// What the customers of the replay ask over HTTP. Whoever gets no answer asks the same again: that must never do it twice.

export interface Caller {
  port: number
  token: string
}

const retryMs = 200
/** Longer than any start takes; a server that says 500 to this for so long is broken. */
const patienceMs = 60_000

async function post<Result>(
  caller: Caller,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Result> {
  const givenUpAt = performance.now() + patienceMs
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${caller.port}${path}`, {
      method: 'POST',
      headers: {
        cookie: `tuntas_session=${caller.token}`,
        'content-type': 'application/json',
        'x-tuntas-csrf': '1',
        ...headers,
      },
      body: JSON.stringify(body),
    }).catch(() => undefined)
    const text = await answer?.text().catch(() => undefined)
    if (answer?.ok && text !== undefined) return JSON.parse(text) as Result
    const isForNow =
      answer === undefined || text === undefined || answer.status === 429 || answer.status >= 500
    if (!isForNow || performance.now() > givenUpAt)
      throw new Error(`${path}: ${answer?.status ?? 'no answer'} ${text ?? ''}`)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

/** Pays an order with one key, however often it must be asked; answers the payment's reference. */
export async function payOrder(
  caller: Caller,
  order: { id: string; pin: string; totalMinor: string },
): Promise<string> {
  const { reference } = await post<{ reference: string }>(
    caller,
    `/api/checkout/${order.id}/pay`,
    { pin: order.pin, expectedTotal: { amountMinor: order.totalMinor, currency: 'IDR' } },
    { 'idempotency-key': crypto.randomUUID() },
  )
  return reference
}

/** Asks for help about a payment; asking again finds the same conversation. */
export async function openConversation(caller: Caller, about: string): Promise<string> {
  return (await post<{ id: string }>(caller, '/api/conversations', { about })).id
}
