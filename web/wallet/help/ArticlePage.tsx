// One answer in full, and the way to a person under it.

import { MessageCircle } from 'lucide-react'
import { useParams } from 'wouter'
import { formatDate, localeOf, useLanguage } from '../../ui/index.ts'
import { useArticle } from '../data/queries.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { topicName } from './topics.ts'
import './help.css'

export default function ArticlePage() {
  const language = useLanguage()
  const { slug } = useParams<{ slug: string }>()
  const read = useArticle(slug)
  return (
    <Page
      title={read.data ? topicName(read.data.topic) : t('nav.help')}
      section="help"
      back="/help"
      dock={
        <ButtonLinkTo href="/help/new" look="secondary" icon={MessageCircle} wide>
          {t('help.still')}
        </ButtonLinkTo>
      }
    >
      <Loaded read={read} rows={6}>
        {(article) => (
          <article
            className="article"
            lang={article.locale === localeOf[language] ? undefined : article.locale}
          >
            <h2 className="t22">{article.title}</h2>
            {/* Made by the server from the project's own Markdown; nobody else can put anything in it. */}
            <div dangerouslySetInnerHTML={{ __html: article.html }} />
            <p className="t13 mute">
              {t('help.updated', { at: formatDate(article.updatedAt, { language }) })}
            </p>
          </article>
        )}
      </Loaded>
    </Page>
  )
}
