// A demo that is begun again. What is told here is about the seed and about starts, not about the kind of PostgreSQL.
import { expect, it } from 'vitest'
import { createTestPlatform } from '#platform/testing.ts'
import { conversations } from './conversations.ts'
import { compose, fingerprint, options, spoken } from './for-tests.ts'
import { ensureDemo } from './index.ts'

/** Where the conversations that are told again after a kill begin. */
const lastSolved = conversations.findLastIndex((each) => each.solved)

it('comes out the same from the same seed, by two starts at once, and after one that broke', async () => {
  // A small demo: what is told of few is told of many in the same way.
  const few = { ...options, customers: 60 }
  const other = await createTestPlatform()
  const otherRooms = compose(other)
  const plain = await createTestPlatform()
  const plainRooms = compose(plain)
  try {
    const broken = {
      ...otherRooms,
      ledger: { ...otherRooms.ledger, check: () => Promise.reject(new Error('killed')) },
    }
    await expect(ensureDemo(other, broken, few)).rejects.toThrow('killed')
    expect(await other.db.read.rows('SELECT FROM identity.customers')).toEqual([])
    const talked = {
      ...otherRooms,
      payments: { ...otherRooms.payments, paymentOfOrder: () => Promise.reject(new Error('killed later')) },
    }
    await expect(ensureDemo(other, talked, few)).rejects.toThrow('killed later')
    await other.db.read.run(`DELETE FROM demo.conversations WHERE place > ${lastSolved}`)
    await Promise.all([ensureDemo(other, otherRooms, few), ensureDemo(other, otherRooms, few)])
    await ensureDemo(plain, plainRooms, few)
    const [one, two] = [await fingerprint(plain), await fingerprint(other)]
    expect(two).toEqual(one)
    expect(one.length).toBeGreaterThan(1000)
    expect(await spoken(other)).toEqual(await spoken(plain))
  } finally {
    await Promise.all([otherRooms.payments.close(), plainRooms.payments.close()])
    await Promise.all([other.close(), plain.close()])
  }
})
