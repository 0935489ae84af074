// The texts of this app: its own catalogue, and `t` and `T` typed with its ids and those of web/ui.

import type english from './locales/en.json'
import { richText, translator, type CatalogueLoaders, type UiMessageId } from '../ui/index.ts'

export type MessageId = keyof typeof english | UiMessageId

export const catalogue: CatalogueLoaders = {
  en: () => import('./locales/en.json'),
  id: () => import('./locales/id.json'),
  zh: () => import('./locales/zh.json'),
}

export const t = translator<MessageId>()
export const T = richText<MessageId>()
