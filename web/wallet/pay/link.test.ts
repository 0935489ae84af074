import { describe, expect, it } from 'vitest'
import { orderOfLink, waitingOrder } from './link.ts'

const order = '0190c1de-4b5a-7c11-9a5e-0242ac120002'
const own = 'https://pay.tuntas.example'

describe('a pasted payment link', () => {
  it.each([
    [`${own}/pay/${order}`, order],
    [`  ${own}/pay/${order.toUpperCase()}?x=1 `, order],
    [order, order],
    [`/pay/${order}`, order],
    [`https://pay.tuntas.example.evil.example/pay/${order}`, 'foreign'],
    [`http://pay.tuntas.example/pay/${order}`, 'foreign'],
    [`javascript:alert(1)//pay/${order}`, 'foreign'],
    ['hello', null],
    [`please pay ${own}/pay/${order}`, null],
    ['', null],
  ])('%s', (text, expected) => expect(orderOfLink(text, own)).toBe(expected))
})

describe('the order that waits while its payer is elsewhere', () => {
  it.each([
    [`?order=${order}`, order],
    [`?from=shop&order=${order.toUpperCase()}`, order],
    ['', null],
    ['?order=', null],
    ['?order=..%2Faccount', null],
    [`?order=${order}%2Fpay`, null],
  ])('%s', (search, expected) => expect(waitingOrder(search)).toBe(expected))
})
