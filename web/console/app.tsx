// The console's frame and its pages. Who is not signed in sees the sign-in at the same address, and nothing else.

import { useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useState, type ReactNode } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import type { StaffMe } from '../../contract/console.ts'
import { Empty, Navigation, Skeleton, ToastRegion, toProblem, useLanguage } from '../ui/index.ts'
import { Compass } from 'lucide-react'
import { CasesPage } from './cases/CasesPage.tsx'
import { meKey } from './data/client.ts'
import { requests } from './data/requests.ts'
import { useMay, WorkplaceProvider } from './data/workplace.tsx'
import { KeysDialog } from './frame/KeysDialog.tsx'
import { laterPage, NewerVersion } from './frame/NewerVersion.tsx'
import { Rail } from './frame/Rail.tsx'
import { SearchBox } from './frame/SearchBox.tsx'
import { TopBar } from './frame/TopBar.tsx'
import { useKeys } from './frame/keys.ts'
import { useWidth } from './frame/width.ts'
import { noteAgent, SignIn } from './session/SignIn.tsx'
import { SettingsPage } from './settings/SettingsPage.tsx'
import { Failed } from './frame/Failed.tsx'
import { t } from './texts.ts'
import { WallPage } from './wall/WallPage.tsx'

// What is not the daily place of work is fetched when it is opened.
const ApprovalsPage = laterPage(async () => (await import('./approvals/ApprovalsPage.tsx')).ApprovalsPage)
const LooksPage = laterPage(async () => (await import('./looks/LooksPage.tsx')).LooksPage)
const DecisionsPage = laterPage(async () => (await import('./decisions/DecisionsPage.tsx')).DecisionsPage)

/** Who is signed in; null when nobody is. */
const useSession = () =>
  useQuery<StaffMe | null>({
    queryKey: meKey,
    queryFn: async () => {
      try {
        return await requests.me()
      } catch (error) {
        if (toProblem(error).status === 401) return null
        throw error
      }
    },
  })

export function App() {
  useLanguage()
  const [, navigate] = useLocation()
  const { data: me, isError, error, refetch, isFetching } = useSession()
  const [wasIn, setWasIn] = useState(false)
  useEffect(() => {
    if (me) {
      noteAgent(me.agentId)
      setWasIn(true)
    }
  }, [me])
  return (
    <Navigation value={(href) => navigate(href)}>
      <NewerVersion />
      {me ? (
        <WorkplaceProvider key={me.agentId} me={me}>
          <Pages />
        </WorkplaceProvider>
      ) : me === null ? (
        <SignIn expired={wasIn} />
      ) : (
        isError && (
          <main className="sign-in">
            <div className="sign-in-card">
              <Failed read={{ error, isFetching, refetch }} />
            </div>
          </main>
        )
      )}
      <ToastRegion />
    </Navigation>
  )
}

function Pages() {
  const seesWall = useMay('wall.read')
  const seesApprovals = useMay('approval.read')
  const decides = useMay('refund.decide')
  const audits = useMay('audit.read')
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/cases" replace />
      </Route>
      <Route path="/cases/:caseId?">
        {({ caseId }) => (
          <Frame title={t('cases.title')} inCase={caseId !== undefined}>
            <CasesPage caseId={caseId} />
          </Frame>
        )}
      </Route>
      {decides && (
        <Route path="/decisions/:reference?">
          {({ reference }) => (
            <Frame title={t('decisions.title')}>
              <Suspense fallback={<Opening />}>
                <DecisionsPage reference={reference} />
              </Suspense>
            </Frame>
          )}
        </Route>
      )}
      {seesApprovals && (
        <Route path="/approvals/:approvalId?">
          {({ approvalId }) => (
            <Frame title={t('approvals.title')}>
              <Suspense fallback={<Opening />}>
                <ApprovalsPage approvalId={approvalId} />
              </Suspense>
            </Frame>
          )}
        </Route>
      )}
      {audits && (
        <Route path="/looks">
          <Frame title={t('audit.looks.title')}>
            <Suspense fallback={<Opening />}>
              <LooksPage />
            </Suspense>
          </Frame>
        </Route>
      )}
      {seesWall && (
        <Route path="/wall">
          <WallPage />
        </Route>
      )}
      <Route path="/settings">
        <Frame title={t('settings.title')}>
          <SettingsPage />
        </Frame>
      </Route>
      <Route>
        <Frame title={t('app.name')}>
          <main className="settings">
            <Empty icon={Compass} title={t('nowhere.title')}>
              {t('nowhere.body')}
            </Empty>
          </main>
        </Frame>
      </Route>
    </Switch>
  )
}

const Opening = () => (
  <main className="work">
    <div className="work-inner">
      <Skeleton rows={5} />
    </div>
  </main>
)

function Frame({ title, inCase, children }: { title: string; inCase?: boolean; children: ReactNode }) {
  const [, navigate] = useLocation()
  const [keysShown, showKeys] = useState(false)
  const width = useWidth()
  // On a phone a case takes the whole screen.
  const whole = width === 'phone' && inCase
  useKeys({ '?': () => showKeys(true) })
  return (
    <div className="frame" data-width={width} data-whole={whole || undefined}>
      {!whole && <Rail />}
      {whole && (
        <header className="sr">
          <h1>{title}</h1>
        </header>
      )}
      {!whole && (
        <TopBar
          title={title}
          search={<SearchBox onOpen={(caseId) => navigate(`/cases/${caseId}?view=team`)} />}
          onKeys={() => showKeys(true)}
        />
      )}
      {children}
      <KeysDialog open={keysShown} onClose={() => showKeys(false)} />
    </div>
  )
}
