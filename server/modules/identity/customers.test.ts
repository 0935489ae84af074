import { afterAll, beforeAll, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createIdentityBench, type IdentityBench } from './for-tests.ts'
import { masked } from './index.ts'

let bench: IdentityBench
const ids: string[] = []
const names = ['Dewi Lestari', 'dewi anggraini', 'Dewa Putu', '100% Toko', '100 Toko', '李娜']

beforeAll(async () => {
  bench = await createIdentityBench()
  ids.push(
    ...(await bench.platform.db.transaction((tx) =>
      bench.identity.createCustomers(
        tx,
        names.map((displayName, place) => ({
          displayName,
          ...(place % 2 ? { email: `pelanggan${place}@contoh.example` } : { phone: `+62812900000${place}` }),
          locale: 'id-ID' as const,
          verified: place === 0,
          passwordHash: 'no password',
          pin: '482913',
          createdAt: bench.platform.clock.now(),
        })),
      ),
    )),
  )
})
afterAll(() => bench.close())

const named = async (beginning: string, limit = 10) => {
  const found = await bench.identity.findByName(bench.platform.db.read, beginning, limit)
  return found.map((id) => names[ids.indexOf(id)])
}

test('customers are found by the beginning of their name, whatever its case', async () => {
  expect(await named('DEWI')).toEqual(['dewi anggraini', 'Dewi Lestari'])
  expect(await named('dew', 2)).toHaveLength(2)
  expect(await named('李')).toEqual(['李娜'])
  expect(await named('lestari')).toEqual([])
})

test('a search is words, never a pattern, and nothing finds nobody', async () => {
  expect(await named('100%')).toEqual(['100% Toko'])
  expect(await named('De_i')).toEqual([])
  expect(await named('\\')).toEqual([])
  expect(await named('  ')).toEqual([])
})

test('customers come with what others may know; who is unknown is missing', async () => {
  const stranger = uuidv7()
  const found = await bench.identity.customersByIds(bench.platform.db.read, [ids[0]!, stranger])
  expect([...found.keys()]).toEqual([ids[0]])
  const customer = found.get(ids[0]!)!
  expect(customer).toMatchObject({ displayName: 'Dewi Lestari', verified: true, timeZone: 'Asia/Jakarta' })
  expect(JSON.stringify(customer)).not.toContain('no password')
  expect(masked(customer)).toEqual({ phone: '+62 812 •••• 0000' })
})

test('one contact is told for a reveal; a contact that is not there is undefined', async () => {
  expect(await bench.identity.contactOf(ids[0]!, 'phone')).toBe('+628129000000')
  expect(await bench.identity.contactOf(ids[0]!, 'email')).toBeUndefined()
  await expect(bench.identity.contactOf(uuidv7(), 'phone')).rejects.toMatchObject({ code: 'not_found' })
})

test('a contact belongs to one customer', async () => {
  const again = bench.platform.db.transaction((tx) =>
    bench.identity.createCustomers(tx, [
      {
        displayName: 'Another',
        phone: '+628129000000',
        locale: 'en',
        passwordHash: 'no password',
        pin: '482913',
        createdAt: bench.platform.clock.now(),
      },
    ]),
  )
  await expect(again).rejects.toThrow('customers_phone_key')
})
