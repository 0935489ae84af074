// The frame of a wallet screen: navigation, one column, and the focus on its title after a change of route.
// Help is at the same place on every screen.

import { House, MessageCircleQuestion, ReceiptText, Store, UserRound } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import {
  A,
  Avatar,
  Brand,
  Dock,
  TabBar,
  TopBar,
  languageNames,
  languages,
  localeOf,
  useLanguage,
} from '../../ui/index.ts'
import { chooseLanguage, useSession } from '../data/session.ts'
import { useConversations } from '../data/queries.ts'
import { t } from '../texts.ts'

export type Section = 'home' | 'history' | 'pay' | 'help' | 'account'

const sections = [
  { section: 'home', href: '/', icon: House },
  { section: 'history', href: '/history', icon: ReceiptText },
  { section: 'pay', href: '/pay', icon: Store, arch: true },
  { section: 'help', href: '/help', icon: MessageCircleQuestion },
  { section: 'account', href: '/account', icon: UserRound },
] as const

let firstPage = true

/** Sets the page's title and, after the first page, moves the focus to its heading so that readers hear where they are. */
export function usePageTitle(title: string): void {
  const before = useRef('')
  useEffect(() => {
    document.title = title ? `${title} · Tuntas` : 'Tuntas'
    if (before.current === '' && !firstPage) {
      const heading = document.querySelector<HTMLElement>('h1')
      heading?.setAttribute('tabindex', '-1')
      heading?.focus({ preventScroll: true })
      scrollTo(0, 0)
    }
    before.current = title
    firstPage = false
  }, [title])
}

function useUnread(): number {
  const signedIn = useSession().state === 'in'
  const { data } = useConversations(signedIn)
  return data?.conversations.reduce((sum, conversation) => sum + conversation.unread, 0) ?? 0
}

/** The bar on top of wide screens: the same places as the tabs, the languages, the account. */
export function DeskBar({ section }: { section?: Section }) {
  const language = useLanguage()
  const session = useSession()
  const unread = useUnread()
  return (
    <header className="deskbar">
      <div className="deskbar-inner">
        <A href="/" className="deskbar-brand" aria-label="Tuntas">
          <Brand />
        </A>
        <nav aria-label={t('nav.main')}>
          {sections
            .filter(
              (place) => place.section !== 'account' && (session.state === 'in' || place.section === 'help'),
            )
            .map((place) => (
              <A
                key={place.href}
                href={place.href}
                aria-current={place.section === section ? 'page' : undefined}
              >
                {t(`nav.${place.section}`)}
                {place.section === 'help' && unread > 0 && (
                  <span className="deskbar-count">
                    <span aria-hidden="true">{unread}</span>
                    <span className="sr">{t('nav.unread', { count: unread })}</span>
                  </span>
                )}
              </A>
            ))}
        </nav>
        <div className="deskbar-languages" role="group" aria-label={t('nav.language')}>
          {languages.map((choice) => (
            <button
              key={choice}
              type="button"
              lang={localeOf[choice]}
              aria-pressed={choice === language}
              onClick={() => void chooseLanguage(choice, session.state === 'in')}
            >
              {languageNames[choice]}
            </button>
          ))}
        </div>
        {session.state === 'in' ? (
          <A href="/account" className="deskbar-me">
            <Avatar name={session.me.displayName} kind="self" />
            <span className="sr">{t('nav.account_of', { name: session.me.displayName })}</span>
          </A>
        ) : (
          <A href="/sign-in" className="btn soft s">
            {t('enter.sign_in')}
          </A>
        )}
      </div>
    </header>
  )
}

export function Tabs({ section }: { section?: Section }) {
  useLanguage()
  const unread = useUnread()
  return (
    <TabBar
      label={t('nav.main')}
      tabs={sections.map((place) => ({
        href: place.href,
        icon: place.icon,
        label: t(`nav.${place.section}`),
        current: place.section === section,
        ...('arch' in place ? { arch: true } : {}),
        ...(place.section === 'help' && unread ? { badge: unread } : {}),
      }))}
    />
  )
}

export type PageProps = {
  title: string
  section?: Section
  /** Where the arrow goes. A page with an arrow has no tabs. */
  back?: string
  action?: ReactNode
  /** At most one primary and one quiet action, docked in thumb's reach. */
  dock?: ReactNode
  /** The page draws its own heading. */
  ownHeading?: boolean
  className?: string
  children: ReactNode
}

export function Page({
  title,
  section,
  back,
  action,
  dock,
  ownHeading,
  className = '',
  children,
}: PageProps) {
  usePageTitle(title)
  return (
    <div className={`page ${back ? 'inner' : 'with-tabs'} ${dock ? 'with-dock' : ''}`}>
      <DeskBar section={section} />
      {/* The bar and the dock of a page belong to its main part: the landmark on top is the desk's bar. */}
      <main className="column">
        {!ownHeading && <TopBar title={title} back={back} action={action} />}
        <div className={`column-body ${className}`}>{children}</div>
        {dock && <Dock>{dock}</Dock>}
      </main>
      {!back && <Tabs section={section} />}
    </div>
  )
}
