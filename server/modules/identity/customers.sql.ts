// All SQL on customers and the devices that they signed in on.
import type { Locale } from '#contract/schema.ts'
import type { Sql, Transaction } from '#platform/db.ts'

export interface CustomerRow {
  id: string
  display_name: string
  phone: string | null
  email: string | null
  locale: Locale
  time_zone: string
  verified: boolean
  created_at: Date
}

const columns = 'id, display_name, phone, email, locale, time_zone, verified, created_at'

export interface NewCustomer {
  id: string
  displayName: string
  phone: string | undefined
  email: string | undefined
  locale: Locale
  timeZone: string
  verified: boolean
  passwordHash: string
  createdAt: Date
}

export async function saveCustomers(tx: Transaction, customers: readonly NewCustomer[]): Promise<void> {
  await tx.run(
    `INSERT INTO identity.customers
       (id, display_name, phone, email, locale, time_zone, verified, password_hash, created_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[],
       $8::text[], $9::timestamptz[])`,
    [
      customers.map((customer) => customer.id),
      customers.map((customer) => customer.displayName),
      customers.map((customer) => customer.phone ?? null),
      customers.map((customer) => customer.email ?? null),
      customers.map((customer) => customer.locale),
      customers.map((customer) => customer.timeZone),
      customers.map((customer) => customer.verified),
      customers.map((customer) => customer.passwordHash),
      customers.map((customer) => customer.createdAt),
    ],
  )
}

export function readCustomers(sql: Sql, ids: readonly string[]): Promise<CustomerRow[]> {
  return sql.rows(
    `SELECT ${columns} FROM identity.customers WHERE id = ANY($1::uuid[])`,
    [ids],
    'identity-read-customers',
  )
}

/** By a contact in its one form. */
export function readByContact(
  sql: Sql,
  contact: { channel: 'sms' | 'email'; address: string },
): Promise<(CustomerRow & { password_hash: string }) | undefined> {
  const column = contact.channel === 'sms' ? 'phone' : 'email'
  return sql.maybe(`SELECT ${columns}, password_hash FROM identity.customers WHERE ${column} = $1`, [
    contact.address,
  ])
}

/** Whose name begins so, in the order of names. */
export async function readIdsByName(sql: Sql, beginning: string, limit: number): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    `SELECT id FROM identity.customers WHERE lower(display_name) LIKE lower($1) ORDER BY lower(display_name) COLLATE "C", id LIMIT $2`,
    [`${beginning.replace(/[\\%_]/g, '\\$&')}%`, limit],
  )
  return rows.map((row) => row.id)
}

export async function readPasswordHash(sql: Sql, customerId: string): Promise<string | undefined> {
  const row = await sql.maybe<{ password_hash: string }>(
    'SELECT password_hash FROM identity.customers WHERE id = $1',
    [customerId],
  )
  return row?.password_hash
}

export async function saveLocale(sql: Sql, customerId: string, locale: Locale): Promise<CustomerRow> {
  return sql.one(`UPDATE identity.customers SET locale = $2 WHERE id = $1 RETURNING ${columns}`, [
    customerId,
    locale,
  ])
}

/** Whether the customer has signed in on this device before, and on any device at all. */
export function readDevice(
  sql: Sql,
  customerId: string,
  deviceId: string | undefined,
): Promise<{ this_one: boolean; any_one: boolean }> {
  return sql.one(
    `SELECT EXISTS (SELECT FROM identity.devices WHERE customer_id = $1 AND id = $2) AS this_one,
            EXISTS (SELECT FROM identity.devices WHERE customer_id = $1) AS any_one`,
    [customerId, deviceId ?? null],
  )
}

export async function saveDevice(
  tx: Transaction,
  device: { id: string; customerId: string; seenAt: Date },
): Promise<void> {
  await tx.run(
    `INSERT INTO identity.devices (id, customer_id, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3)
     ON CONFLICT (id, customer_id) DO UPDATE SET last_seen_at = excluded.last_seen_at`,
    [device.id, device.customerId, device.seenAt],
  )
}
