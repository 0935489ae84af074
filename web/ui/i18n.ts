// Texts by id, typed from the English catalogue. `t` gives plain text, `T` gives text with
// elements in it. Values are shown as they are: a value can never open an element.

import { Fragment, cloneElement, createElement, type ReactElement, type ReactNode } from 'react'
import type english from './locales/en.json'
import { unbroken } from './format/unbroken.tsx'
import { i18n } from './language.ts'

export type UiMessageId = keyof typeof english
export type Values = Record<string, string | number | bigint>
export type Translate<Id extends string> = (id: Id, values?: Values) => string
export type TextProps<Id extends string> = {
  id: Id
  values?: Record<string, ReactNode | bigint>
  /** Elements for the tags of the message: `{ b: <b /> }` for "Pay <b>now</b>". */
  components?: Record<string, ReactElement>
}

/** `t` for an app that has messages of its own: `translator<keyof typeof english | UiMessageId>()`. */
export const translator = <Id extends string>(): Translate<Id> => translate

/** `T` for an app that has messages of its own. */
export const richText = <Id extends string>(): ((props: TextProps<Id>) => ReactElement) => renderText

/** True when a loaded catalogue has this id: for ids that are put together at run time, like `error.CODE.title`. */
export const hasText = (id: string): boolean => Object.hasOwn(i18n.messages, id)

function translate(id: string, values?: Values): string {
  return i18n._(id, values as Record<string, unknown>)
}

const held = /\uE000(\d+)\uE001/

function renderText({ id, values = {}, components = {} }: TextProps<string>): ReactElement {
  // Elements, and texts that look like a tag, are put aside while the message is formatted.
  const aside: ReactNode[] = []
  const plain: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    const simple =
      typeof value === 'number' ||
      typeof value === 'bigint' ||
      (typeof value === 'string' && !/[<\uE000]/.test(value))
    plain[name] = simple ? value : `\uE000${aside.push(value as ReactNode) - 1}\uE001`
  }
  return createElement(Fragment, null, ...parse(i18n._(id, plain), components, aside))
}

function parse(text: string, components: Record<string, ReactElement>, aside: ReactNode[]): ReactNode[] {
  const nodes: ReactNode[] = []
  const tag = /<(\w+)>(.*?)<\/\1>|<(\w+)\/>/gs
  let from = 0
  for (let match = tag.exec(text); match; match = tag.exec(text)) {
    nodes.push(...restore(text.slice(from, match.index), aside))
    const element = components[match[1] ?? match[3]!]
    const inside = match[2] === undefined ? [] : parse(match[2], components, aside)
    nodes.push(
      element
        ? cloneElement(element, { key: match.index }, ...inside)
        : createElement(Fragment, { key: match.index }, ...inside),
    )
    from = match.index + match[0].length
  }
  nodes.push(...restore(text.slice(from), aside))
  return nodes
}

function restore(text: string, aside: ReactNode[]): ReactNode[] {
  return text.split(held).map((part, index) => (index % 2 ? aside[Number(part)] : unbroken(part)))
}

/** Text of web/ui's own catalogue. */
export const t = translator<UiMessageId>()
/** Text with elements, of web/ui's own catalogue. */
export const T = richText<UiMessageId>()
