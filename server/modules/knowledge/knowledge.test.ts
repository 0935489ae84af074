import fastify from 'fastify'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { locales, type Locale } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import { createLogger } from '#platform/log.ts'
import { Refusal } from '#platform/refusal.ts'
import { createKnowledge } from './index.ts'

const platform = { log: createLogger({ level: 'silent' }) }
const knowledge = createKnowledge(platform)
const slugs = knowledge.find('en').map((article) => article.slug)

describe('every article', () => {
  const each = locales.flatMap((locale) => slugs.map((slug) => [locale, slug] as const))
  it.each(each)('%s %s is whole and its links lead somewhere', (locale, slug) => {
    const article = knowledge.article(slug, locale)!
    expect(article.title.length).toBeGreaterThan(3)
    expect(article.html).toContain('<p>')
    // Marks of Markdown that were not understood.
    expect(article.html.replace(/••••/g, '')).not.toMatch(/\*\*|\]\(|^#|\|/m)
    for (const [, target] of article.html.matchAll(/href="\/help\/([^"]+)"/g)) expect(slugs).toContain(target)
  })

  it.each(slugs)('%s links to the same articles in each language', (slug) => {
    const links = (locale: Locale) =>
      [...knowledge.article(slug, locale)!.html.matchAll(/href="([^"]+)"/g)].map((match) => match[1]).sort()
    expect(links('id-ID')).toEqual(links('en'))
    expect(links('zh-CN')).toEqual(links('en'))
  })

  it('there are enough of them', () => {
    expect(slugs.length).toBeGreaterThanOrEqual(14)
  })
})

describe('a question finds its article', () => {
  it.each<[Locale, string, string]>([
    ['en', 'how do I add money', 'top-up'],
    ['en', 'my bank took the money but my balance did not increase', 'top-up-not-arrived'],
    ['en', 'the shop says I did not pay', 'paid-but-shop-has-nothing'],
    ['en', 'forgot my pasword', 'sign-in-trouble'],
    ['en', 'pin bloked', 'pin-wrong-or-locked'],
    ['en', 'lost my phone', 'freeze-my-wallet'],
    ['en', 'someone called and asked for a code', 'never-share-codes'],
    ['en', 'is this agent fake', 'is-it-really-tuntas'],
    ['en', 'bigger letters', 'language-and-large-type'],
    ['en', 'what is the most I can pay in a day, daily limit', 'limits'],
    ['en', 'working hours', 'how-to-reach-us'],
    ['en', 'who looked at my data', 'what-agents-see'],
    ['en', 'proof of payment', 'history-and-receipts'],
    ['en', 'I want my money back', 'refunds'],
    ['en', 'why was my payment declined', 'why-a-payment-is-refused'],
    ['id-ID', 'cara isi saldo', 'top-up'],
    ['id-ID', 'toko bilang belum bayar', 'paid-but-shop-has-nothing'],
    ['id-ID', 'lupa password', 'sign-in-trouble'],
    ['id-ID', 'pin terkuncii', 'pin-wrong-or-locked'],
    ['id-ID', 'ponsel saya hilang', 'freeze-my-wallet'],
    ['id-ID', 'jam kerja', 'how-to-reach-us'],
    ['id-ID', 'huruf kekecilan susah dibaca', 'language-and-large-type'],
    ['zh-CN', '怎么充值', 'top-up'],
    ['zh-CN', '银行扣了钱但是钱包没到账', 'top-up-not-arrived'],
    ['zh-CN', '商家说没收到付款', 'paid-but-shop-has-nothing'],
    ['zh-CN', '忘记密码了', 'sign-in-trouble'],
    ['zh-CN', '手机丢了怎么办', 'freeze-my-wallet'],
    ['zh-CN', '人工客服几点上班', 'how-to-reach-us'],
    ['zh-CN', '怎么退款', 'refunds'],
    ['zh-CN', '有人问我要验证码', 'never-share-codes'],
    ['zh-CN', '字太小看不清', 'language-and-large-type'],
  ])('%s: %s', (locale, question, slug) => {
    expect(knowledge.find(locale, question)[0]?.slug).toBe(slug)
  })

  it('also in another language than the page, and answers in the language of the page', () => {
    const [first] = knowledge.find('en', '怎么充值')
    expect(first).toMatchObject({ slug: 'top-up', title: 'Put money into your wallet' })
  })

  it('finds nothing for nonsense', () => {
    expect(knowledge.find('en', 'xqzv')).toEqual([])
  })
})

describe('over HTTP', () => {
  const app = fastify()
  app.setErrorHandler((error, _request, reply) =>
    error instanceof Refusal
      ? reply.code(error.toProblem().status).send(error.toProblem())
      : reply.code((error as { statusCode?: number }).statusCode ?? 500).send({ message: String(error) }),
  )
  knowledge.routes(app as unknown as Face)
  afterAll(() => app.close())

  it('lists, searches and shows', async () => {
    const all = await app.inject('/api/help/articles')
    expect(all.json().articles).toHaveLength(slugs.length)
    const found = await app.inject('/api/help/articles?locale=zh-CN&q=%E5%86%BB%E7%BB%93')
    expect(found.json().articles[0]).toMatchObject({ slug: 'freeze-my-wallet', title: '冻结我的钱包' })
    const one = await app.inject('/api/help/articles/top-up?locale=id-ID')
    expect(one.json()).toMatchObject({
      slug: 'top-up',
      locale: 'id-ID',
      updatedAt: '2026-11-22T00:00:00.000Z',
    })
    expect(one.headers['cache-control']).toContain('max-age')
  })

  it.each([
    ['/api/help/articles/no-such-article', 404],
    ['/api/help/articles/..%2f..%2fpackage', 400],
    ['/api/help/articles?locale=xx', 400],
  ])('refuses %s', async (url, status) => {
    expect((await app.inject(url)).statusCode).toBe(status)
  })
})

describe('a folder that is not whole', () => {
  const article =
    '---\ntitle: T\nsummary: S\ntopic: app\nupdated: 2026-11-22\nintents: other\nasked: a\n---\n\nText.\n'
  function folderWith(files: Record<string, string>): URL {
    const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-knowledge-'))
    for (const language of ['en', 'id', 'zh']) mkdirSync(path.join(folder, language))
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
    return pathToFileURL(`${folder}/`)
  }
  const three = (text: string) => ({ 'en/a.md': text, 'id/a.md': article, 'zh/a.md': article })

  it.each([
    ['a language is missing', { 'en/a.md': article, 'id/a.md': article }, 'knowledge/zh/a.md is missing'],
    ['no named lines', three('Text.'), 'named lines'],
    ['a name is missing', three(article.replace('summary: S\n', '')), 'summary is missing'],
    ['an unknown topic', three(article.replace('app', 'other')), 'no topic other'],
    ['a day that is none', three(article.replace('2026-11-22', 'today')), 'not a day'],
    ['no text', three(article.replace('Text.\n', '')), 'has no text'],
  ])('does not start when %s', (_name, files, message) => {
    const folder = folderWith(files)
    expect(() => createKnowledge(platform, folder)).toThrow(message)
    rmSync(folder, { recursive: true })
  })
})
