import { describe, expect, it } from 'vitest'
import { ApiProblem, networkProblem } from '../../ui/api.ts'
import { FormRun, type StoredForm } from './form-run.ts'

type Body = { reason: string }
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A device with its storage, and a server that remembers keys; answers can be lost. */
function device() {
  let kept: StoredForm<Body> | undefined
  let keys = 0
  const done = new Map<string, string>()
  const sent: StoredForm<Body>[] = []
  const waits: (() => void)[] = []
  let fault: 'none' | 'request lost' | 'answer lost' | ApiProblem = 'none'
  return {
    sent,
    kept: () => kept,
    refunds: () => done.size,
    fail: (next: typeof fault) => void (fault = next),
    open: () =>
      new FormRun<Body, string>({
        store: {
          read: () => kept,
          write: (form) => void (kept = structuredClone(form)),
          remove: () => void (kept = undefined),
        },
        async send(key, body) {
          sent.push({ key, body })
          if (fault instanceof ApiProblem) throw fault
          if (fault === 'request lost') throw networkProblem()
          if (!done.has(key)) done.set(key, `RF-${done.size + 1}`)
          if (fault === 'answer lost') throw networkProblem()
          return done.get(key)!
        },
        schedule: (_delayMs, action) => {
          waits.push(action)
          return () => void waits.splice(waits.indexOf(action), 1)
        },
        newKey: () => `key-${++keys}`,
      }),
    async wait() {
      for (const action of waits.splice(0)) action()
      await settle()
    },
  }
}
const body = { reason: 'not_received' }

describe('a form that counts once', () => {
  it('is not forgotten for a late answer to the one before it, in another tab', async () => {
    let kept: StoredForm<Body> | undefined
    let keys = 0
    const tab = (send: () => Promise<string>) =>
      new FormRun<Body, string>({
        store: {
          read: () => kept,
          write: (form) => void (kept = form),
          remove: () => void (kept = undefined),
        },
        send,
        schedule: () => () => undefined,
        newKey: () => `key-${++keys}`,
      })
    const late = Promise.withResolvers<string>()
    tab(() => late.promise).submit(body)
    // The second tab finds the same form kept, is answered, and sends its next one.
    let answered = false
    const other = tab(() => (answered ? new Promise(() => undefined) : Promise.resolve('RF-1')))
    await settle()
    answered = true
    other.submit({ reason: 'another' })
    late.resolve('RF-1')
    await settle()
    expect(kept).toEqual({ key: 'key-2', body: { reason: 'another' } })
  })

  it('is kept before it leaves, and forgotten with its answer', async () => {
    const phone = device()
    const run = phone.open()
    run.submit(body)
    expect(phone.kept()).toEqual({ key: 'key-1', body })
    await settle()
    expect(run.getState()).toEqual({ step: 'done', answer: 'RF-1' })
    expect(phone.kept()).toBeUndefined()
  })

  it.each(['request lost', 'answer lost'] as const)(
    '%s: repeats the same under the same key',
    async (fault) => {
      const phone = device()
      const run = phone.open()
      phone.fail(fault)
      run.submit(body)
      await settle()
      expect(run.getState()).toEqual({ step: 'finding', tries: 1 })
      await phone.wait()
      phone.fail('none')
      await phone.wait()
      expect(run.getState()).toEqual({ step: 'done', answer: 'RF-1' })
      expect(new Set(phone.sent.map(({ key }) => key))).toEqual(new Set(['key-1']))
      expect(phone.refunds()).toBe(1)
    },
  )

  it('goes on after a reload with the same key and the same content', async () => {
    const phone = device()
    const before = phone.open()
    phone.fail('answer lost')
    before.submit(body)
    await settle()
    before.stop()
    phone.fail('none')
    const after = phone.open()
    expect(after.getState()).toEqual({ step: 'finding', tries: 0 })
    await settle()
    expect(after.getState()).toEqual({ step: 'done', answer: 'RF-1' })
    expect(phone.sent[1]).toEqual({ key: 'key-1', body })
    expect(phone.refunds()).toBe(1)
  })

  it('is tried at once when the network is back', async () => {
    const phone = device()
    const run = phone.open()
    phone.fail('request lost')
    run.submit(body)
    await settle()
    phone.fail('none')
    run.networkBack()
    await settle()
    expect(run.getState().step).toBe('done')
  })

  it('pressed twice, or in two tabs, is one request', async () => {
    const phone = device()
    phone.fail('answer lost')
    const [one, other] = [phone.open(), phone.open()]
    one.submit(body)
    one.submit(body)
    await settle()
    other.submit({ reason: 'other' })
    await settle()
    expect(phone.sent).toEqual([
      { key: 'key-1', body },
      { key: 'key-1', body },
    ])
    expect(phone.refunds()).toBe(1)
  })

  it('a refusal ends the key: the next try has a new one', async () => {
    const phone = device()
    const run = phone.open()
    const refusal = new ApiProblem({ code: 'refund_not_allowed', title: '', status: 409 })
    phone.fail(refusal)
    run.submit(body)
    await settle()
    expect(run.getState()).toEqual({ step: 'editing', refusal })
    phone.fail('none')
    run.submit(body)
    await settle()
    expect(phone.sent.map(({ key }) => key)).toEqual(['key-1', 'key-2'])
  })

  it('an old request that is answered after a reload does not stand in the way of a new one', async () => {
    const phone = device()
    const before = phone.open()
    phone.fail('answer lost')
    before.submit(body)
    await settle()
    before.stop()
    phone.fail('none')
    const after = phone.open()
    await settle()
    after.submit({ reason: 'other' })
    await settle()
    expect(after.getState()).toEqual({ step: 'done', answer: 'RF-2' })
    expect(phone.sent.at(-1)).toEqual({ key: 'key-2', body: { reason: 'other' } })
  })

  it('signed out meanwhile: the key stays for after signing in', async () => {
    const phone = device()
    const run = phone.open()
    phone.fail(new ApiProblem({ code: 'session_expired', title: '', status: 401 }))
    run.submit(body)
    await settle()
    expect(phone.kept()?.key).toBe('key-1')
    phone.fail('none')
    run.submit(body)
    await settle()
    expect(phone.sent.map(({ key }) => key)).toEqual(['key-1', 'key-1'])
  })
})
