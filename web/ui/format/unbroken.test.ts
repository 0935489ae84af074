// A reference in running text never breaks; everything around it, and what is no text, stays as it was.
import { isValidElement, type ReactNode } from 'react'
import { expect, it } from 'vitest'
import { unbroken } from './unbroken.tsx'

/** Text as it is; elements as [their text]. */
const shape = (node: ReactNode): unknown =>
  Array.isArray(node)
    ? node.map(shape)
    : isValidElement<{ children: ReactNode; className: string }>(node)
      ? [node.props.className, node.props.children]
      : node

it('puts each reference into an element of its own', () => {
  expect(shape(unbroken('Refund RF-7Q2M-93TD of TN-0000-ZZZZ: paid'))).toEqual([
    'Refund ',
    ['unbroken', 'RF-7Q2M-93TD'],
    ' of ',
    ['unbroken', 'TN-0000-ZZZZ'],
    ': paid',
  ])
  expect(shape(unbroken('退款RF-7Q2M-93TD。'))).toEqual(['退款', ['unbroken', 'RF-7Q2M-93TD'], '。'])
})

it('looks into lists, and leaves the rest alone', () => {
  const element = { type: 'b' } as unknown as ReactNode
  expect(unbroken('no reference: RF-7Q2-93TD')).toBe('no reference: RF-7Q2-93TD')
  expect(unbroken(element)).toBe(element)
  expect(unbroken(undefined)).toBeUndefined()
  expect(shape(unbroken(['a', 'TN-0000-ZZZZ']))).toEqual(['a', ['', ['unbroken', 'TN-0000-ZZZZ'], '']])
})
