// The texts of this app: its own catalogue, and `t` and `T` typed with its ids and those of web/ui.
// The first page has its texts at once (locales/first.json); all other pages bring theirs along (`laterPage`).

import { lazy, type ComponentType } from 'react'
import type english from './locales/en.json'
import { addCatalogue, richText, translator, type CatalogueLoaders, type UiMessageId } from '../ui/index.ts'

export type MessageId = keyof typeof english | UiMessageId

export const catalogue: CatalogueLoaders = {
  en: () => import('./locales/en.json?first'),
  id: () => import('./locales/id.json?first'),
  zh: () => import('./locales/zh.json?first'),
}

const laterCatalogue: CatalogueLoaders = {
  en: () => import('./locales/en.json?later'),
  id: () => import('./locales/id.json?later'),
  zh: () => import('./locales/zh.json?later'),
}

/** A part that is loaded when it is first shown, together with the texts that the first page does without. */
export function laterPage<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(async () => {
    const [page] = await Promise.all([load(), addCatalogue(laterCatalogue)])
    return page
  })
}

export const t = translator<MessageId>()
export const T = richText<MessageId>()
