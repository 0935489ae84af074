// The help centre's articles: read once at the start, searched in memory, the same set in every language.
// An article that is missing in a language stops the start: nobody must find help only in a foreign one.

import { readdirSync, readFileSync } from 'node:fs'
import type { Locale } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import {
  ArticleError,
  folders,
  parseArticle,
  topics,
  type Article,
  type ArticleSource,
  type ArticleSummary,
} from './article.ts'
import { registerRoutes } from './knowledge.routes.ts'
import { plainText, renderMarkdown } from './markdown.rules.ts'
import { buildIndex, search, type Hit, type Index } from './search.rules.ts'

export type { Article, ArticleSummary } from './article.ts'

export interface Knowledge {
  /** All articles by topic, or, with a question, those that answer it, best first. */
  find(locale: Locale, question?: string): ArticleSummary[]
  /** One article, ready to show; undefined when there is none of that name. */
  article(slug: string, locale: Locale): Article | undefined
  /** Registers GET /api/help/articles and GET /api/help/articles/:slug. */
  routes(api: Face): void
}

const standardFolder = new URL('../../../knowledge/', import.meta.url)
const mostHits = 8
/** A question in another language than the page's finds its answer too, a little behind. */
const foreignShare = 0.85

/** Reads the articles. Throws ArticleError when one cannot be read or is not there in every language. */
export function createKnowledge(platform: Pick<Platform, 'log'>, folder: URL = standardFolder): Knowledge {
  const byLocale = readAll(folder)
  const indexes = new Map(
    [...byLocale].map(([locale, articles]) => [locale, indexOf([...articles.values()])]),
  )
  const rendered = new Map<ArticleSource, string>()
  platform.log.info({ articles: byLocale.get('en')!.size }, 'help articles read')

  function htmlOf(article: ArticleSource): string {
    const html = rendered.get(article) ?? renderMarkdown(article.body)
    rendered.set(article, html)
    return html
  }

  const knowledge: Knowledge = {
    find(locale, question) {
      const articles = byLocale.get(locale)!
      if (!question?.trim()) return [...articles.values()].sort(byTopic).map(summaryOf)
      return fuse(indexes, locale, question).map(({ id }) => summaryOf(articles.get(id)!))
    },
    article(slug, locale) {
      const article = byLocale.get(locale)!.get(slug)
      return (
        article && {
          ...summaryOf(article),
          html: htmlOf(article),
          locale,
          updatedAt: `${article.updated}T00:00:00.000Z`,
        }
      )
    },
    routes: (api) => registerRoutes(api, knowledge),
  }
  return knowledge
}

function readAll(folder: URL): Map<Locale, Map<string, ArticleSource>> {
  const byLocale = new Map<Locale, Map<string, ArticleSource>>()
  for (const [locale, name] of Object.entries(folders) as [Locale, string][]) {
    const here = new URL(`${name}/`, folder)
    const slugs = readdirSync(here)
      .filter((file) => file.endsWith('.md'))
      .map((file) => file.slice(0, -'.md'.length))
      .sort()
    const read = (slug: string) =>
      parseArticle(slug, locale, readFileSync(new URL(`${slug}.md`, here), 'utf8'))
    byLocale.set(locale, new Map(slugs.map((slug) => [slug, read(slug)])))
  }
  const all = new Set([...byLocale.values()].flatMap((articles) => [...articles.keys()]))
  for (const [locale, articles] of byLocale)
    for (const slug of all)
      if (!articles.has(slug)) throw new ArticleError(`knowledge/${folders[locale]}/${slug}.md is missing`)
  return byLocale
}

function indexOf(articles: readonly ArticleSource[]): Index {
  return buildIndex(
    articles.map((article) => ({
      id: article.slug,
      fields: [
        { text: article.title, weight: 4 },
        { text: article.asked, weight: 3 },
        { text: article.summary, weight: 2 },
        { text: plainText(article.body), weight: 1 },
      ],
    })),
  )
}

/** Searches every language and takes each article's best score. */
function fuse(indexes: ReadonlyMap<Locale, Index>, locale: Locale, question: string): Hit[] {
  const best = new Map<string, number>()
  for (const [language, index] of indexes)
    for (const { id, score } of search(index, question, mostHits)) {
      const weighted = language === locale ? score : score * foreignShare
      best.set(id, Math.max(best.get(id) ?? 0, weighted))
    }
  return [...best]
    .map(([id, score]) => ({ id, score }))
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
    .slice(0, mostHits)
}

const byTopic = (one: ArticleSource, other: ArticleSource): number =>
  topics.indexOf(one.topic) - topics.indexOf(other.topic) || (one.slug < other.slug ? -1 : 1)

const summaryOf = ({ slug, title, summary, topic }: ArticleSource): ArticleSummary => ({
  slug,
  title,
  summary,
  topic,
})
