// Articles by topic, in the order the server gives them. A topic without words of ours shows its own.

import {
  ArrowLeftRight,
  BookOpen,
  KeyRound,
  Scale,
  ShieldCheck,
  Snowflake,
  Store,
  Undo2,
  Wallet,
  type LucideIcon,
} from 'lucide-react'
import { hasText } from '../../ui/index.ts'
import type { ArticleSummary } from '../data/types.ts'
import { t, type MessageId } from '../texts.ts'

const icons: Record<string, LucideIcon> = {
  payments: Store,
  payment: Store,
  refunds: Undo2,
  refund: Undo2,
  'top-up': Wallet,
  topup: Wallet,
  top_up: Wallet,
  transfers: ArrowLeftRight,
  account: KeyRound,
  security: ShieldCheck,
  safety: ShieldCheck,
  freeze: Snowflake,
  complaints: Scale,
}

export const topicIcon = (topic: string): LucideIcon => icons[topic] ?? BookOpen
export const topicName = (topic: string): string =>
  hasText(`topic.${topic}`) ? t(`topic.${topic}` as MessageId) : topic

export function byTopic(articles: readonly ArticleSummary[]): [string, ArticleSummary[]][] {
  const topics = new Map<string, ArticleSummary[]>()
  for (const article of articles) topics.set(article.topic, [...(topics.get(article.topic) ?? []), article])
  return [...topics]
}
