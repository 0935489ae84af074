// The help centre: the question first, an answer with your own payment beside it, ways to talk to us with their
// live state, common questions. Readable without signing in.

import { Search, ShieldCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import {
  A,
  Callout,
  ChannelCard,
  Icon,
  Money,
  OfficialSign,
  Skeleton,
  StateBadge,
  formatTime,
  useLanguage,
} from '../../ui/index.ts'
import { useArticles, useConversations, useRecent, useService } from '../data/queries.ts'
import { useSession } from '../data/session.ts'
import type { ArticleSummary } from '../data/types.ts'
import { DeskBar, Tabs, usePageTitle } from '../frame/Page.tsx'
import { Failed, Loaded } from '../frame/Loaded.tsx'
import { t } from '../texts.ts'
import { ConversationRows } from './ConversationRows.tsx'
import { mostLikely } from './most-likely.ts'
import { byTopic, topicIcon, topicName } from './topics.ts'
import './help.css'

const typingPauseMs = 250

export default function HelpPage() {
  useLanguage()
  usePageTitle(t('nav.help'))
  const session = useSession()
  const signedIn = session.state === 'in'
  return (
    <div className="page with-tabs">
      <DeskBar section="help" />
      <main className="help">
        <Ask signedIn={signedIn} />
        {signedIn && <MyConversations />}
        <Channels signedIn={signedIn} />
        <div className="help-bottom">
          <Topics />
          <section className="stack">
            <h2>{t('help.really_us')}</h2>
            <div className="card pad stack">
              <p className="t14">{t('help.really_us.body')}</p>
              <OfficialSign pictures={['sailboat', 'leaf']} number={27} />
              <p className="t13 mute fx top">
                <Icon of={ShieldCheck} size="sm" />
                {t('help.really_us.never')}
              </p>
            </div>
          </section>
        </div>
      </main>
      <Tabs section="help" />
    </div>
  )
}

function Ask({ signedIn }: { signedIn: boolean }) {
  const [typed, setTyped] = useState(() => new URLSearchParams(location.search).get('q') ?? '')
  const [question, setQuestion] = useState(typed.trim())
  useEffect(() => {
    const timer = setTimeout(() => setQuestion(typed.trim()), typingPauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <section aria-label={t('help.title')}>
      <h1 className="help-title">{t('help.title')}</h1>
      <form
        className="find"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          setQuestion(typed.trim())
        }}
      >
        <Icon of={Search} size="lg" />
        <input
          type="search"
          aria-label={t('help.search')}
          placeholder={t('help.search')}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" className="btn pri s">
          {t('help.ask')}
        </button>
      </form>
      {question && <Answers question={question} signedIn={signedIn} />}
    </section>
  )
}

function Answers({ question, signedIn }: { question: string; signedIn: boolean }) {
  const read = useArticles(question)
  const articles = read.data?.articles
  if (!articles)
    return read.error ? (
      <Failed error={read.error} retry={() => void read.refetch()} />
    ) : (
      <Skeleton rows={2} />
    )
  const [best, ...others] = articles
  return (
    <div role="region" aria-label={t('help.answers')} aria-live="polite">
      {best ? (
        <div className="card answer">
          <div className="answer-text">
            <h2>{best.title}</h2>
            <p>{best.summary}</p>
            <p className="answer-more">
              <A href={`/help/${best.slug}`}>{t('help.read')}</A>
            </p>
            {others.length > 0 && (
              <ul className="answer-others">
                {others.slice(0, 4).map((article) => (
                  <li key={article.slug}>
                    <A href={`/help/${article.slug}`}>{article.title}</A>
                  </li>
                ))}
              </ul>
            )}
          </div>
          <aside className="answer-mine">{signedIn ? <MyMoney topic={best.topic} /> : <AskUs />}</aside>
        </div>
      ) : (
        <div className="card pad stack answer-none">
          <b>{t('help.none')}</b>
          <AskUs />
        </div>
      )}
    </div>
  )
}

const AskUs = () => (
  <div className="stack">
    <p>{t('help.write.body')}</p>
    <A className="btn pri wide" href="/help/new">
      {t('help.write')}
    </A>
  </div>
)

function MyMoney({ topic }: { topic: string }) {
  const language = useLanguage()
  const { data } = useRecent()
  const payment = mostLikely(topic, data?.transactions ?? [])
  if (!payment) return <AskUs />
  return (
    <div className="stack">
      <p className="t13 mute">{t('help.about_this')}</p>
      <p className="mine-line">
        <span className="semi">{payment.party.name}</span>
        <Money amount={payment.amount} />
      </p>
      <p className="mine-line t13 mute">
        <StateBadge state={payment.state} />
        <time dateTime={payment.effectiveAt}>{formatTime(payment.effectiveAt, { language })}</time>
      </p>
      <A className="btn pri wide" href={`/transactions/${payment.reference}`}>
        {t('help.show_money')}
      </A>
      <A className="btn quiet wide" href="/help/new">
        {t('help.another')}
      </A>
    </div>
  )
}

function MyConversations() {
  const read = useConversations()
  const conversations = read.data?.conversations
  if (!conversations?.length) return null
  return (
    <section>
      <div className="section-head">
        <h2>{t('help.mine')}</h2>
        {conversations.length > 3 && <A href="/help/conversations">{t('home.all')}</A>}
      </div>
      <ConversationRows conversations={conversations.slice(0, 3)} />
    </section>
  )
}

function Channels({ signedIn }: { signedIn: boolean }) {
  const language = useLanguage()
  const service = useService()
  const reachable = service.data?.channels.filter(({ state }) => state !== 'unavailable') ?? []
  return (
    <section>
      <div className="section-head">
        <h2>{t('help.talk')}</h2>
        {service.dataUpdatedAt > 0 && !service.error && (
          <span className="t13 mute num">
            {t('money.live', { at: formatTime(service.dataUpdatedAt, { language, zoneName: true }) })}
          </span>
        )}
      </div>
      <Loaded read={service} rows={2}>
        {() => (
          <ul className="channels">
            {reachable.map((channel) => (
              <li key={channel.channel}>
                <ChannelCard {...channel} href={channel.channel === 'chat' ? '/help/new' : undefined}>
                  {channel.channel === 'chat' && (
                    <span className="t13 mute">
                      {channel.state === 'closed'
                        ? t('help.closed_write')
                        : signedIn
                          ? t('help.chat_hint')
                          : t('help.chat_sign_in')}
                    </span>
                  )}
                </ChannelCard>
              </li>
            ))}
            {reachable.length === 0 && (
              <li>
                <Callout tone="hold">{t('help.no_channel')}</Callout>
              </li>
            )}
          </ul>
        )}
      </Loaded>
    </section>
  )
}

function Topics() {
  useLanguage()
  const read = useArticles('')
  return (
    <section className="stack">
      <h2>{t('help.common')}</h2>
      <Loaded read={read} rows={4}>
        {({ articles }) => (
          <div className="topics">
            {byTopic(articles).map(([topic, list]) => (
              <Topic key={topic} topic={topic} articles={list} />
            ))}
            {articles.length === 0 && <p className="mute">{t('help.no_articles')}</p>}
          </div>
        )}
      </Loaded>
    </section>
  )
}

const Topic = ({ topic, articles }: { topic: string; articles: ArticleSummary[] }) => (
  <div className="topic">
    <h3>
      <Icon of={topicIcon(topic)} />
      {topicName(topic)}
    </h3>
    <ul>
      {articles.map((article) => (
        <li key={article.slug}>
          <A href={`/help/${article.slug}`}>{article.title}</A>
        </li>
      ))}
    </ul>
  </div>
)
