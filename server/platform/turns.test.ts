import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('at most so many run at once, the others in the order in which they came', async () => {
  const turns = createTurns({ atOnce: 2, maximumWaiting: 10 })
  const started: number[] = []
  const gates = Array.from({ length: 5 }, gate)
  const work = gates.map(({ opened }, place) =>
    turns(async () => {
      started.push(place)
      await opened
      return place
    }),
  )
  await settled()
  expect(started).toEqual([0, 1])
  gates[1]!.open()
  await work[1]
  await settled()
  expect(started).toEqual([0, 1, 2])
  for (const { open } of gates) open()
  expect(await Promise.all(work)).toEqual([0, 1, 2, 3, 4])
})

test('work that fails gives its turn on', async () => {
  const turns = createTurns({ atOnce: 1, maximumWaiting: 10 })
  const failed = turns(() => Promise.reject(new Error('no')))
  const next = turns(async () => 'done')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('done')
  expect(await turns(async () => 'again')).toBe('again')
})

test('a line that is too long refuses', async () => {
  const turns = createTurns({ atOnce: 1, maximumWaiting: 1 })
  const { open, opened } = gate()
  const [first, second] = [turns(() => opened), turns(async () => 'second')]
  await expect(turns(async () => 'third')).rejects.toMatchObject({ code: 'busy' })
  open()
  await first
  expect(await second).toBe('second')
})
