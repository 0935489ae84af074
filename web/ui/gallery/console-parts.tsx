// Parts of the agents' console, in every state.
// Shown to builders and to the tests of accessibility; no customer comes here.

import { UserRoundCheck } from 'lucide-react'
import {
  Bubble,
  CaseCard,
  formatCountdown,
  MaskedField,
  maskEmail,
  maskNumber,
  maskPhone,
  Note,
  OfficialSign,
  signPictures,
  SlaChip,
  slaOf,
  Speaker,
  SystemFact,
  t,
  TalkLog,
  TypingLine,
  type SignPicture,
} from '../index.ts'
import { Part } from './part.tsx'
import { cases, now } from './story.ts'

const pictures = Object.keys(signPictures) as SignPicture[]
const looked = (): number => new Date(now).getTime()

export const ConsoleParts = () => (
  <>
    <Part title="Clocks">
      <div className="two">
        <SlaChip {...slaOf('2026-11-20T15:37:00+07:00', now)} />
        <SlaChip {...slaOf('2026-11-20T14:09:00+07:00', now)} />
        <SlaChip {...slaOf('2026-11-20T14:02:00+07:00', now)} />
        <SlaChip state="met" text={t('sla.first_reply', { time: '38 s' })} />
        <SlaChip state="paused" text={t('trace.owner.shop')} />
        <SlaChip state="law" text={formatCountdown(190)} />
      </div>
    </Part>
    <Part title="Queue" bare>
      <div className="card" role="listbox" aria-label={t('talk.agent')} tabIndex={0}>
        <CaseCard
          case={cases[0]!}
          id="case-1"
          subject={t('error.merchant_unavailable.title')}
          selected
          clock={<SlaChip {...slaOf(cases[0]!.firstReplyDueAt, now)} />}
          onSelect={() => {}}
        />
        <CaseCard
          case={cases[1]!}
          id="case-2"
          subject={t('error.account_frozen.title')}
          selected={false}
          typing="Dian"
          clock={<SlaChip {...slaOf(cases[1]!.firstReplyDueAt, now)} />}
          onSelect={() => {}}
        />
      </div>
    </Part>
    <Part title="Official sign">
      <OfficialSign pictures={['sailboat', 'leaf']} number={27} />
      <OfficialSign pictures={['bird', 'sun']} number={4} plain />
      <div className="fx wrap">
        {pictures.map((key, index) => (
          <OfficialSign
            key={key}
            pictures={[key, pictures[(index + 1) % pictures.length]!]}
            number={(index * 37) % 100}
          />
        ))}
      </div>
    </Part>
    <Part title="Masked data">
      <dl>
        <MaskedField
          name={t('channel.voice')}
          masked={maskPhone('+6281355202290')}
          open={{ value: '+62 813 5520 2290', visibleUntil: '2026-11-20T14:10:32+07:00' }}
          now={looked}
        />
        <MaskedField
          name={t('channel.email')}
          masked={maskEmail('meiling@contoh.example')}
          onReveal={() => {}}
        />
        <MaskedField name="KTP" masked={maskNumber('3174051203910001')} />
      </dl>
    </Part>
    <Part title="Talk, the customer's side" bare>
      <TalkLog label={t('channel.chat')}>
        <Bubble
          author="customer"
          text="我付了钱，店家说没有收到。"
          lang="zh-CN"
          state="read"
          at={now}
          now={now}
        />
        <Speaker author="helper" at={now} now={now} />
        <Bubble
          author="helper"
          text={`${t('error.merchant_unavailable.title')} ${t('error.merchant_unavailable.body')}`}
        />
        <SystemFact icon={UserRoundCheck}>Bagus · 38 s · 14:05</SystemFact>
        <Speaker author="agent" name="Bagus Prakoso" at={now} now={now} />
        <Bubble
          author="agent"
          text="Halo Bu Lin."
          lang="id"
          translation={{ text: 'Hello Ms Lin.', lang: 'en' }}
        />
        <Bubble author="customer" text="4111 •••• ••••" redactions={['card_number']} state="sending" />
        <Bubble author="customer" text="OK" state="failed" onRetry={() => {}} />
        <TypingLine name="Bagus" />
      </TalkLog>
    </Part>
    <Part title="Talk, the agent's side" bare>
      <div data-density="compact">
        <TalkLog label={t('channel.email')}>
          <Bubble
            view="agent"
            author="customer"
            text="我付了钱，店家说没有收到。"
            lang="zh-CN"
            translation={{ text: 'I paid, the shop says it has not received it.', lang: 'en' }}
          />
          <Bubble
            view="agent"
            author="agent"
            text="Hello Ms Lin. I see the same record as you."
            lang="en"
            state="read"
            at={now}
            now={now}
          />
          <Note author="Bagus" text="Surya: server restarts at 14:15." at={now} now={now} />
        </TalkLog>
      </div>
    </Part>
  </>
)
