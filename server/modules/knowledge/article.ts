// An article as it stands in knowledge/LANGUAGE/SLUG.md: a heading of named lines between ---, then Markdown.

import type { Static } from 'typebox'
import type { ArticleSchema, ArticleSummarySchema } from '#contract/customer.ts'
import type { Locale } from '#contract/schema.ts'

export type ArticleSummary = Static<typeof ArticleSummarySchema>
export type Article = Static<typeof ArticleSchema>

/** Topics, in the order in which the help centre shows them. */
export const topics = ['payments', 'money_in', 'account', 'safety', 'service', 'app'] as const

export const folders: Readonly<Record<Locale, string>> = { en: 'en', 'id-ID': 'id', 'zh-CN': 'zh' }

export interface ArticleSource {
  slug: string
  locale: Locale
  title: string
  summary: string
  topic: (typeof topics)[number]
  /** The day of the last change, e.g. 2026-11-22. */
  updated: string
  /** What customers write about, by the names that the whole service uses. */
  intents: string[]
  /** Other words in which people ask for it; searched, never shown. */
  asked: string
  body: string
}

export class ArticleError extends Error {}

/** Reads one file. Throws ArticleError that names the file and what is wrong with it. */
export function parseArticle(slug: string, locale: Locale, text: string): ArticleSource {
  const fail = (reason: string): never => {
    throw new ArticleError(`knowledge/${folders[locale]}/${slug}.md: ${reason}`)
  }
  const parts = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text)
  if (!parts) return fail('does not begin with named lines between ---')
  const lines = new Map(
    parts[1]!.split(/\r?\n/).map((line) => {
      const match = /^([a-z]+): (.+)$/.exec(line)
      return match ? ([match[1]!, match[2]!.trim()] as const) : fail(`cannot read the line: ${line}`)
    }),
  )
  const take = (name: string): string => lines.get(name) ?? fail(`${name} is missing`)
  const topic = topics.find((each) => each === take('topic')) ?? fail(`there is no topic ${take('topic')}`)
  const updated = take('updated')
  if (Number.isNaN(Date.parse(`${updated}T00:00:00.000Z`))) fail('updated is not a day like 2026-11-22')
  if (parts[2]!.trim() === '') fail('has no text')
  return {
    slug,
    locale,
    topic,
    updated,
    title: take('title'),
    summary: take('summary'),
    intents: take('intents').split(/,\s*/),
    asked: take('asked'),
    body: parts[2]!.trim(),
  }
}
