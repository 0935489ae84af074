// Customers as others may see them: a name for everybody who deals with them, contacts masked, one contact whole for
// a reason that the desk records. Password and PIN never leave this room.
import { uuidv7 } from '#contract/ids.ts'
import type { Me } from '#contract/customer.ts'
import type { Locale } from '#contract/schema.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { cleanName, maskEmail, maskPhone, parseContact } from './contact.ts'
import {
  readByContact,
  readCustomers,
  readIdsByName,
  saveCustomers,
  type CustomerRow,
} from './customers.sql.ts'
import type { Pins } from './pins.ts'

export interface Customer {
  id: string
  displayName: string
  /** E.164 */
  phone: string | undefined
  email: string | undefined
  locale: Locale
  timeZone: string
  verified: boolean
  memberSince: Date
}

export interface CreateCustomer {
  id?: string
  displayName: string
  phone?: string | undefined
  email?: string | undefined
  locale: Locale
  timeZone?: string
  verified?: boolean
  /** From `hashPassword` of #platform/passwords.ts. */
  passwordHash: string
  pin: string
  createdAt: Date
}

export function customerOf(row: CustomerRow): Customer {
  return {
    id: row.id,
    displayName: row.display_name,
    phone: row.phone ?? undefined,
    email: row.email ?? undefined,
    locale: row.locale,
    timeZone: row.time_zone,
    verified: row.verified,
    memberSince: row.created_at,
  }
}

/** The contacts as ui.md masks them: +62 812 •••• 4417, m•••••@•••.id */
export function masked(customer: Pick<Customer, 'phone' | 'email'>): { phone?: string; email?: string } {
  return {
    ...(customer.phone ? { phone: maskPhone(customer.phone) } : {}),
    ...(customer.email ? { email: maskEmail(customer.email) } : {}),
  }
}

export function meOf(customer: Customer): Me {
  return {
    customerId: customer.id,
    displayName: customer.displayName,
    ...masked(customer),
    locale: customer.locale,
    timeZone: customer.timeZone,
    memberSince: customer.memberSince.toISOString(),
    verified: customer.verified,
  }
}

/** By id; who is unknown is missing. */
export async function customersByIds(sql: Sql, ids: readonly string[]): Promise<Map<string, Customer>> {
  if (ids.length === 0) return new Map()
  const rows = await readCustomers(sql, ids)
  return new Map(rows.map((row) => [row.id, customerOf(row)]))
}

/** By a contact as typed. */
export async function findByContact(sql: Sql, typed: string): Promise<Customer | undefined> {
  const contact = parseContact(typed)
  const row = contact && (await readByContact(sql, contact))
  return row && customerOf(row)
}

/** Ids of customers whose name begins so, whatever its case. An empty beginning finds nobody. */
export async function findByName(sql: Sql, beginning: string, limit: number): Promise<string[]> {
  const name = cleanName(beginning)
  return name ? readIdsByName(sql, name, limit) : []
}

/** Set-based; the contacts must be in their one form. Wallets are the caller's business. Returns the ids in order. */
export async function createCustomers(
  tx: Transaction,
  pins: Pins,
  list: readonly CreateCustomer[],
): Promise<string[]> {
  const customers = list.map((customer) => ({ ...customer, id: customer.id ?? uuidv7() }))
  if (customers.length === 0) return []
  await saveCustomers(
    tx,
    customers.map((customer) => ({
      id: customer.id,
      displayName: customer.displayName,
      phone: customer.phone,
      email: customer.email,
      locale: customer.locale,
      timeZone: customer.timeZone ?? 'Asia/Jakarta',
      verified: customer.verified ?? false,
      passwordHash: customer.passwordHash,
      createdAt: customer.createdAt,
    })),
  )
  await pins.create(
    tx,
    customers.map((customer) => ({ customerId: customer.id, pin: customer.pin })),
  )
  return customers.map((customer) => customer.id)
}
