// Every account's balance and entry number, carried along in ledger order while a copy is verified. 32 bytes of memory for an
// account, twice at most, outside of the heap: what is verified may have many millions of them.
import type { Sql } from '#platform/db.ts'
import type { SealedTransfer } from './seal-hash.ts'
import * as store from './seal.sql.ts'
import type { Find } from './seal-findings.ts'

/** Balances by account: an open table in flat arrays. An account keeps its place while nothing is added. */
function createBalances() {
  let places = 1 << 12
  let used = 0
  let ids = new Uint32Array(places * 4)
  let balances = new BigInt64Array(places)
  // One more than the entries: zero is a free place.
  let entries = new BigInt64Array(places)
  let compared = new Uint8Array(places)
  const id = new Uint32Array(4)

  function probe(): number {
    // The last bits of an id are random, whatever its version; some of the middle for those that count on there.
    let place = (id[3]! ^ Math.imul(id[0]! ^ id[2]!, 0x9e3779b1)) & (places - 1)
    for (; entries[place] !== 0n; place = (place + 1) & (places - 1)) {
      const at = place * 4
      if (ids[at] === id[0] && ids[at + 1] === id[1] && ids[at + 2] === id[2] && ids[at + 3] === id[3]) break
    }
    return place
  }

  function grow(): void {
    const before = { ids, balances, entries, count: places }
    places *= 2
    ids = new Uint32Array(places * 4)
    balances = new BigInt64Array(places)
    entries = new BigInt64Array(places)
    compared = new Uint8Array(places)
    for (let old = 0; old < before.count; old++) {
      if (before.entries[old] === 0n) continue
      id.set(before.ids.subarray(old * 4, old * 4 + 4))
      const place = probe()
      ids.set(id, place * 4)
      balances[place] = before.balances[old]!
      entries[place] = before.entries[old]!
    }
  }

  function find(text: string): number {
    id[0] = Number.parseInt(text.slice(0, 8), 16)
    id[1] = Number.parseInt(text.slice(9, 13) + text.slice(14, 18), 16)
    id[2] = Number.parseInt(text.slice(19, 23) + text.slice(24, 28), 16)
    id[3] = Number.parseInt(text.slice(28, 36), 16)
    return probe()
  }

  return {
    read(text: string): { balance: bigint; count: bigint } {
      const place = find(text)
      return entries[place] === 0n
        ? { balance: 0n, count: 0n }
        : { balance: balances[place]!, count: entries[place]! - 1n }
    },
    write(text: string, balance: bigint, count: bigint): void {
      let place = find(text)
      if (entries[place] === 0n && ++used * 2 > places) {
        grow()
        place = find(text)
      }
      ids.set(id, place * 4)
      balances[place] = BigInt.asIntN(64, balance)
      entries[place] = BigInt.asIntN(64, count + 1n)
    },
    /** Marks an account as met among the accounts; false when it has no entries here. */
    meet(text: string): boolean {
      const place = find(text)
      if (entries[place] === 0n) return false
      compared[place] = 1
      return true
    },
    /** Ids that have entries and were not met. */
    *unmet(): Generator<string> {
      for (let place = 0; place < places; place++) {
        if (entries[place] === 0n || compared[place] === 1) continue
        const hex = [...ids.subarray(place * 4, place * 4 + 4)]
          .map((part) => part.toString(16).padStart(8, '0'))
          .join('')
        yield hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
      }
    },
  }
}

export function followAccounts(find: Find) {
  const balances = createBalances()
  const sums = new Map<string, bigint>()
  function side(id: string, change: bigint, after: string, entry: string, transfer: string) {
    const before = balances.read(id)
    const balance = before.balance + change
    const count = before.count + 1n
    const [saidBalance, saidCount] = [BigInt(after), BigInt(entry)]
    if (balance !== saidBalance || count !== saidCount)
      find(
        'balance_does_not_follow',
        `transfer ${transfer}: entry ${entry} of account ${id} says ${after}, the entries before it give ${balance} as entry ${count}`,
      )
    // Goes on from what it says, so that one change is told once.
    balances.write(id, saidBalance, saidCount)
  }
  return {
    take(transfer: SealedTransfer): void {
      const amount = BigInt(transfer.amount)
      const { sequence } = transfer
      side(transfer.debitAccountId, -amount, transfer.debitBalanceAfter, transfer.debitEntry, sequence)
      side(transfer.creditAccountId, amount, transfer.creditBalanceAfter, transfer.creditEntry, sequence)
    },
    /** Compares with what the accounts say of themselves, in pages by id. */
    async compare(sql: Sql): Promise<void> {
      const page = 5000
      for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
        const rows = await store.readAccountsAfter(sql, after, page)
        for (const { id, currency, balance, entries } of rows) {
          balances.meet(id)
          const followed = balances.read(id)
          sums.set(currency, (sums.get(currency) ?? 0n) + balance)
          if (followed.balance !== balance || followed.count !== entries)
            find(
              'account_differs',
              `account ${id} says ${balance} after ${entries} entries, its entries give ${followed.balance} after ${followed.count}`,
            )
        }
        if (rows.length < page) break
        after = rows.at(-1)!.id
      }
      for (const id of balances.unmet()) find('account_differs', `account ${id} has entries and is gone`)
      for (const [currency, sum] of sums)
        if (sum !== 0n) find('sum_not_zero', `all accounts in ${currency} sum to ${sum}`)
    },
  }
}
