// What members of staff ask of the agents' address when a story needs them but no window of theirs.
// Whoever gets no answer asks the same again under the same key: pressed twice, it must be done once.
import type { Product } from './product.ts'

export interface StaffMember {
  get<Result>(path: string): Promise<Result>
  /** Repeats until there is an answer. Throws when it is refused. */
  post<Result>(path: string, body: unknown): Promise<Result>
  /** Types the password again, as money above the limit asks for. */
  prove(): Promise<void>
}

const password = 'ruang-loket-42'
const retryMs = 200
const patienceMs = 60_000

export async function signInStaff(product: Product, email: string): Promise<StaffMember> {
  const headers = { 'content-type': 'application/json', 'x-tuntas-csrf': '1', origin: product.agentsUrl }
  const signedIn = await fetch(`${product.agentsUrl}/api/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  })
  if (!signedIn.ok) throw new Error(`${email} cannot sign in: ${signedIn.status}`)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const member: StaffMember = {
    get: <Result>(path: string) =>
      untilAnswered<Result>(() => fetch(`${product.agentsUrl}${path}`, { headers: { cookie } })),
    post<Result>(path: string, body: unknown) {
      const key = crypto.randomUUID()
      return untilAnswered<Result>(() =>
        fetch(`${product.agentsUrl}${path}`, {
          method: 'POST',
          headers: { ...headers, cookie, 'idempotency-key': key },
          body: JSON.stringify(body),
        }),
      )
    },
    async prove() {
      await member.post('/api/me/presence', { password })
    },
  }
  return member
}

/** A dead line and 5xx say nothing about what was done: the same is asked again. Throws the refusal of a 4xx. */
export async function untilAnswered<Result>(ask: () => Promise<Response>): Promise<Result> {
  const givenUpAt = performance.now() + patienceMs
  for (;;) {
    const answer = await ask().catch(() => undefined)
    const text = await answer?.text().catch(() => undefined)
    if (answer && answer.status < 400 && text !== undefined)
      return (text ? JSON.parse(text) : undefined) as Result
    if (answer && answer.status < 500 && answer.status !== 429)
      throw new Error(`${answer.status} ${answer.url}: ${text}`)
    if (performance.now() > givenUpAt) throw new Error(`no answer: ${answer?.status} ${answer?.url} ${text}`)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}
