// The customers' app: which page an address shows. Pages are loaded when they are needed;
// what needs a session shows the door first and comes back to the same address.

import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useEffect, type ComponentType } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { Navigation, Skeleton, networkProblem, ToastRegion, useLanguage } from '../ui/index.ts'
import { queryClient } from './data/client.ts'
import { takeOver } from './data/keep.ts'
import { startLive, stopLive } from './data/live.ts'
import { useSession } from './data/session.ts'
import { Failed } from './frame/Loaded.tsx'
import { NotFound } from './frame/NotFound.tsx'
import { PageError } from './frame/PageError.tsx'
import { UpdateNotice } from './offline/UpdateNotice.tsx'
import { laterPage } from './texts.ts'
import { HomePage } from './home/HomePage.tsx'

const EnterPage = laterPage(() => import('./enter/EnterPage.tsx'))
const TopUpPage = laterPage(() => import('./topup/TopUpPage.tsx'))
const HistoryPage = laterPage(() => import('./history/HistoryPage.tsx'))
const StatementPage = laterPage(() => import('./statement/StatementPage.tsx'))
const CheckStatementPage = laterPage(() => import('./statement/CheckPage.tsx'))
const TransactionPage = laterPage(() => import('./transaction/TransactionPage.tsx'))
const RefundFormPage = laterPage(() => import('./refund/RefundFormPage.tsx'))
const PayPage = laterPage(() => import('./pay/PayPage.tsx'))
const CheckoutPage = laterPage(() => import('./pay/CheckoutPage.tsx'))
const HelpPage = laterPage(() => import('./help/HelpPage.tsx'))
const ArticlePage = laterPage(() => import('./help/ArticlePage.tsx'))
const ConversationsPage = laterPage(() => import('./help/ConversationsPage.tsx'))
const NewConversationPage = laterPage(() => import('./chat/NewConversationPage.tsx'))
const ChatPage = laterPage(() => import('./chat/ChatPage.tsx'))
const AccountPage = laterPage(() => import('./account/AccountPage.tsx'))
const LooksPage = laterPage(() => import('./account/LooksPage.tsx'))
const UnfreezePage = laterPage(() => import('./account/UnfreezePage.tsx'))

const Waiting = () => (
  <div className="page">
    <div className="column">
      <main className="column-body page-waiting">
        <Skeleton rows={4} />
      </main>
    </div>
  </div>
)

/** A page for signed-in customers: without a session the door stands in its place, at the same address. */
function Private({ page: Content }: { page: ComponentType }) {
  const session = useSession()
  if (session.state === 'loading') return <Waiting />
  if (session.state === 'out') return <EnterPage />
  if (session.state === 'unreachable')
    return (
      <div className="page">
        <div className="column">
          <main className="column-body page-waiting">
            <Failed
              error={queryClient.getQueryState(['me'])?.error ?? networkProblem()}
              retry={session.retry}
            />
          </main>
        </div>
      </div>
    )
  return <Content />
}

/** The live connection lasts as long as the session. */
function SessionLife() {
  const session = useSession()
  const customerId = session.state === 'in' ? session.me.customerId : undefined
  useEffect(() => {
    if (customerId) {
      takeOver(customerId)
      startLive(customerId)
    } else if (session.state === 'out') stopLive()
  }, [customerId, session.state])
  return null
}

export function App() {
  useLanguage()
  const [place, navigate] = useLocation()
  return (
    <QueryClientProvider client={queryClient}>
      <Navigation.Provider value={navigate}>
        <SessionLife />
        <PageError place={place}>
          <Suspense fallback={<Waiting />}>
            <Switch>
              <Route path="/">{() => <Private page={HomePage} />}</Route>
              <Route path="/sign-in">{() => <EnterPage way="in" />}</Route>
              <Route path="/sign-up">{() => <EnterPage way="up" />}</Route>
              <Route path="/top-up">{() => <Private page={TopUpPage} />}</Route>
              <Route path="/history">{() => <Private page={HistoryPage} />}</Route>
              <Route path="/statement">{() => <Private page={StatementPage} />}</Route>
              <Route path="/check-statement" component={CheckStatementPage} />
              <Route path="/transactions/:reference">{() => <Private page={TransactionPage} />}</Route>
              <Route path="/transactions/:reference/refund">{() => <Private page={RefundFormPage} />}</Route>
              <Route path="/pay">{() => <Private page={PayPage} />}</Route>
              <Route path="/pay/:orderId" component={CheckoutPage} />
              <Route path="/help" component={HelpPage} />
              <Route path="/help/conversations">{() => <Private page={ConversationsPage} />}</Route>
              <Route path="/help/new">{() => <Private page={NewConversationPage} />}</Route>
              <Route path="/help/chat/:conversationId">{() => <Private page={ChatPage} />}</Route>
              <Route path="/help/:slug" component={ArticlePage} />
              <Route path="/account">{() => <Private page={AccountPage} />}</Route>
              <Route path="/account/looks">{() => <Private page={LooksPage} />}</Route>
              <Route path="/account/unfreeze">{() => <Private page={UnfreezePage} />}</Route>
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </PageError>
        <UpdateNotice />
        <ToastRegion />
      </Navigation.Provider>
    </QueryClientProvider>
  )
}
