// The help centre's routes. Public: what they answer holds nothing of any customer.

import { Type } from 'typebox'
import { ArticleSchema, ArticleSummarySchema } from '#contract/customer.ts'
import { LocaleSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Knowledge } from './index.ts'

/** Articles change with a release; minutes in a browser's cache cost nothing. */
const caching = 'public, max-age=300'

export function registerRoutes(api: Face, knowledge: Knowledge): void {
  api.get(
    '/api/help/articles',
    {
      schema: {
        tags: ['help'],
        summary: 'Articles of the help centre: all of them, or those that answer a question, best first',
        querystring: Type.Object({
          q: Type.Optional(
            Type.String({ maxLength: 300, description: 'A question in any of our languages' }),
          ),
          locale: Type.Optional(LocaleSchema),
        }),
        response: { 200: Type.Object({ articles: Type.Array(ArticleSummarySchema) }) },
      },
    },
    async (request, reply) => {
      const { q, locale = 'en' } = request.query
      reply.header('cache-control', caching)
      return { articles: knowledge.find(locale, q) }
    },
  )

  api.get(
    '/api/help/articles/:slug',
    {
      schema: {
        tags: ['help'],
        summary: 'One article, as safe HTML',
        params: Type.Object({ slug: Type.String({ pattern: '^[a-z0-9-]{1,80}$' }) }),
        querystring: Type.Object({ locale: Type.Optional(LocaleSchema) }),
        response: { 200: ArticleSchema },
      },
    },
    async (request, reply) => {
      const article = knowledge.article(request.params.slug, request.query.locale ?? 'en')
      if (!article) throw new Refusal('not_found')
      reply.header('cache-control', caching)
      return article
    },
  )
}
