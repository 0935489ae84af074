// The door: a welcome, sign-in, sign-up. It stands at its own addresses, or in place of a page that needs a session.

import { Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import {
  A,
  Brand,
  Button,
  languageNames,
  languages,
  localeOf,
  setLanguage,
  useLanguage,
} from '../../ui/index.ts'
import { sessionEnding } from '../data/client.ts'
import { useSession } from '../data/session.ts'
import { usePageTitle } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { SignIn } from './SignIn.tsx'
import { SignUp } from './SignUp.tsx'

export type Way = 'in' | 'up'

export default function EnterPage({ way }: { way?: Way }) {
  useLanguage()
  const session = useSession()
  const [location, navigate] = useLocation()
  const [chosen, setChosen] = useState<Way | undefined>(way ?? (sessionEnding() && 'in'))
  const shown = way ?? chosen
  usePageTitle(shown === 'up' ? t('enter.sign_up') : shown === 'in' ? t('enter.sign_in') : t('enter.title'))
  const choose = (next: Way): void => {
    setChosen(next)
    // In place of another page the address stays, so that the customer comes out there.
    if (location === '/' || way) navigate(next === 'in' ? '/sign-in' : '/sign-up')
  }
  const done = (): void => {
    if (way) navigate('/', { replace: true })
  }
  if (way && session.state === 'in') return <AlreadyIn name={session.me.displayName} />
  return (
    <Suspense>
      <div className="enter">
        <section className="enter-stage" aria-label="Tuntas">
          <svg className="enter-arches" viewBox="0 0 216 108" aria-hidden="true">
            <path d="M0 108V70a34 34 0 0 1 68 0v38zM76 108V56a34 34 0 0 1 68 0v52zM152 108V42a34 34 0 0 1 68 0v66z" />
          </svg>
          <div className="enter-brand">
            <Brand />
          </div>
          <div className="enter-words">
            <p className="enter-claim">{t('enter.claim')}</p>
            <p className="enter-body">{t('enter.claim.body')}</p>
          </div>
        </section>
        <main className="enter-side">
          <div className="enter-form">
            {shown === 'in' ? (
              <SignIn onDone={done} onSignUp={() => choose('up')} />
            ) : shown === 'up' ? (
              <SignUp onDone={done} onSignIn={() => choose('in')} />
            ) : (
              <div className="stack">
                <h1>{t('enter.title')}</h1>
                <Button look="primary" wide onClick={() => choose('up')}>
                  {t('enter.sign_up')}
                </Button>
                <Button look="secondary" wide onClick={() => choose('in')}>
                  {t('enter.sign_in')}
                </Button>
              </div>
            )}
          </div>
          <EnterFoot />
        </main>
      </div>
    </Suspense>
  )
}

function EnterFoot() {
  const language = useLanguage()
  return (
    <footer className="enter-foot">
      <div className="deskbar-languages" role="group" aria-label={t('nav.language')}>
        {languages.map((choice) => (
          <button
            key={choice}
            type="button"
            lang={localeOf[choice]}
            aria-pressed={choice === language}
            onClick={() => void setLanguage(choice)}
          >
            {languageNames[choice]}
          </button>
        ))}
      </div>
      <A href="/help">{t('nav.help')}</A>
    </footer>
  )
}

function AlreadyIn({ name }: { name: string }) {
  return (
    <main className="column-body page-waiting stack">
      <h1>{t('enter.already', { name })}</h1>
      <A href="/" className="btn pri">
        {t('not_found.home')}
      </A>
    </main>
  )
}
