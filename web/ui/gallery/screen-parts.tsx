// Parts of whole screens: bars, sheets, empty, offline and error states.
// Shown to builders and to the tests of accessibility; no customer comes here.

import {
  CircleQuestionMark,
  House,
  MessageCircleQuestionMark,
  ReceiptText,
  ScanQrCode,
  UserRound,
} from 'lucide-react'
import {
  ApiProblem,
  Avatar,
  Brand,
  Button,
  Callout,
  ChannelCard,
  Dock,
  Empty,
  ErrorNote,
  IncidentBar,
  Mark,
  networkProblem,
  Offline,
  Skeleton,
  t,
  TabBar,
  TopBar,
  type IconSize,
} from '../index.ts'
import { Part } from './part.tsx'
import { now, rupiah } from './story.ts'

const problem = (
  code: ApiProblem['code'],
  values: ApiProblem['values'] = {},
  instance?: string,
): ApiProblem => new ApiProblem({ code, title: code, values, instance })
export const sizes: IconSize[] = ['xs', 'sm', 'md', 'lg']

export const ScreenParts = () => (
  <>
    <Part title="Nothing, not yet, no connection">
      <Empty
        icon={ReceiptText}
        title={t('case.no_money')}
        action={
          <Button look="soft" small>
            {t('back')}
          </Button>
        }
      >
        {t('trace.label')}
      </Empty>
      <Skeleton immediate />
      <Offline balanceAt={now} />
    </Part>
    <Part title="Errors">
      <ErrorNote
        problem={problem('daily_limit', {
          used: rupiah('9900000'),
          limit: rupiah('10000000'),
          resetsAt: '2026-11-21T00:00:00+07:00',
        })}
      />
      <ErrorNote problem={problem('insufficient_funds')} />
      <ErrorNote problem={problem('outcome_unknown')} />
      <ErrorNote problem={problem('account_frozen')} />
      <ErrorNote problem={networkProblem()} />
      <ErrorNote problem={problem('system_error', {}, 'req-7Q2M93TD')} />
    </Part>
    <Part title="Boxes">
      <Callout tone="ok" title={t('proof.adds_up')}>
        {t('proof.how')}
      </Callout>
      <Callout tone="wait" title={t('state.unknown')}>
        {t('error.outcome_unknown.body')}
      </Callout>
      <Callout tone="back" title={t('state.refunding')} />
      <Callout tone="hold" title={t('state.held')} />
      <div className="fx wrap">
        <Brand /> <Mark label="Tuntas" />
        <Avatar name="Ratna Kusumawati" kind="self" />
        <Avatar name="Bagus Prakoso" kind="agent" online />
        <Avatar kind="helper" />
        <Avatar name="林美玲" size="s" />
        <Avatar icon={CircleQuestionMark} kind="tile" size="l" />
      </div>
    </Part>
    <Part title="Incident" wide bare>
      <IncidentBar
        title="Bank Cakrawala"
        since="2026-11-20T11:20:00+07:00"
        untouched={t('error.network_error.body')}
        nextUpdateAt="2026-11-20T14:30:00+07:00"
        now={now}
      />
      <IncidentBar title="Bank Cakrawala" since="2026-11-20T11:20:00+07:00" over now={now} />
    </Part>
    <Part title="Channels" wide bare>
      <div className="channels">
        <ChannelCard
          channel="chat"
          state="open"
          expectedWaitSeconds={48}
          closesAt="2026-11-20T21:00:00+07:00"
          href="#chat"
          now={now}
        />
        <ChannelCard
          channel="voice"
          state="busy"
          expectedWaitSeconds={372}
          closesAt="2026-11-20T18:00:00+07:00"
          now={now}
        />
        <ChannelCard channel="email" state="open" name="bantuan@tuntas.example" now={now} />
        <ChannelCard channel="social" state="closed" opensAt="2026-11-21T08:00:00+07:00" now={now} />
        <ChannelCard channel="voice" state="unavailable" now={now} />
      </div>
    </Part>
    <Part title="Frame of a phone's screen" bare>
      <div className="screen phone">
        <TopBar title={t('trace.label')} back="#back" />
        <div className="screen-body">
          <p>{t('proof.how')}</p>
        </div>
        <TabBar
          label={t('trace.label')}
          tabs={[
            { href: '#home', label: t('trace.owner.tuntas'), icon: House, current: true },
            { href: '#history', label: t('state.completed'), icon: ReceiptText },
            { href: '#pay', label: t('trace.owner.shop'), icon: ScanQrCode, arch: true },
            { href: '#help', label: t('channel.chat'), icon: MessageCircleQuestionMark, badge: 2 },
            { href: '#account', label: t('trace.owner.customer'), icon: UserRound },
          ]}
        />
      </div>
    </Part>
    <Part title="Dock" bare>
      <div className="screen phone">
        <TopBar title={t('state.refunded')} back={() => {}} />
        <Dock>
          <Button look="primary" wide icon={CircleQuestionMark}>
            {t('talk.agent')}
          </Button>
        </Dock>
      </div>
    </Part>
  </>
)
