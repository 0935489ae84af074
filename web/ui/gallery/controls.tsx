// Buttons, fields and choices, in every state.
// Shown to builders and to the tests of accessibility; no customer comes here.

import { AtSign, Copy, Headset, Snowflake, Trash2 } from 'lucide-react'
import { useState } from 'react'
import {
  AmountField,
  Button,
  ButtonLink,
  Choices,
  ChoiceCards,
  formatMoney,
  IconButton,
  languageNames,
  languages,
  localeOf,
  PinField,
  Select,
  setLanguage,
  Sheet,
  TextArea,
  TextField,
  t,
  toast,
  useLanguage,
  type Language,
} from '../index.ts'
import { Part } from './part.tsx'
import { rupiah } from './story.ts'

export function Controls() {
  const language = useLanguage()
  const [pin, setPin] = useState('')
  const [code, setCode] = useState('4170')
  const [amount, setAmount] = useState<bigint | null>(12500000n)
  const [reason, setReason] = useState<'call' | 'identity'>('call')
  const [sheet, setSheet] = useState(false)
  const pay = formatMoney(rupiah('214000'))
  return (
    <>
      <Part title="Buttons">
        <div className="two">
          <Button look="primary">{pay}</Button>
          <Button>{t('back')}</Button>
          <Button look="soft">{t('masked.reveal')}</Button>
          <Button look="danger" icon={Snowflake}>
            {t('state.frozen')}
          </Button>
          <Button look="quiet">{t('close')}</Button>
          <Button look="primary" busy={t('talk.sending')}>
            {pay}
          </Button>
          <Button look="primary" disabled>
            {t('talk.send_again')}
          </Button>
          <ButtonLink href="#link" look="soft" small icon={Headset}>
            {t('talk.agent')}
          </ButtonLink>
        </div>
        <div className="fx">
          <IconButton icon={Copy} label={t('reference.copy')} />
          <IconButton icon={AtSign} label={t('channel.social')} filled />
          <IconButton icon={Trash2} label={t('close')} />
        </div>
      </Part>
      <Part title="Fields">
        <TextField
          label={t('channel.email')}
          name="email"
          defaultValue="ratna@contoh.example"
          hint={t('offline.balance_as_of', { at: '14:06' })}
          autoComplete="email"
        />
        <TextField
          label={t('channel.voice')}
          name="phone"
          defaultValue="0812"
          error={t('error.contact_invalid.title')}
        />
        <TextField
          label={t('redacted.password')}
          type="password"
          name="password"
          autoComplete="new-password"
        />
        <TextArea label={t('talk.note')} rows={2} />
      </Part>
      <Part title="PIN, code, amount">
        <PinField label="PIN" value={pin} onChange={setPin} />
        <PinField
          label={t('channel.chat')}
          kind="code"
          value={code}
          onChange={setCode}
          error={`${t('error.code_wrong.title')} ${t('error.code_wrong.detail', { triesLeft: 2 })}`}
        />
        <AmountField label={t('proof.spendable')} value={amount} onChange={setAmount} />
      </Part>
      <Part title="Choosing">
        <Select
          label={t('channel.social')}
          value={language}
          onChange={(event) => void setLanguage(event.currentTarget.value as Language)}
          options={languages.map((value) => ({ value, label: languageNames[value], lang: localeOf[value] }))}
        />
        <ChoiceCards
          legend={t('error.reason_required.title')}
          value={reason}
          onChange={setReason}
          choices={[
            { value: 'call', label: t('channel.voice'), detail: t('error.reason_required.body') },
            { value: 'identity', label: t('trace.owner.customer.desk') },
          ]}
        />
        <Choices
          label={t('trace.who')}
          picked="person"
          onPick={() => {}}
          choices={[
            { value: 'wait', label: t('sla.left', { time: '1 h' }) },
            { value: 'person', label: t('talk.agent'), icon: Headset },
          ]}
        />
        <div className="fx">
          <Button small onClick={() => setSheet(true)} className="open-sheet">
            Sheet
          </Button>
          <Button
            small
            onClick={() => toast({ text: t('reference.copied'), tone: 'ok', icon: Copy })}
            className="open-toast"
          >
            Toast
          </Button>
        </div>
        <Sheet
          open={sheet}
          onClose={() => setSheet(false)}
          title={t('error.reason_required.title')}
          actions={
            <>
              <Button look="primary" wide onClick={() => setSheet(false)}>
                {t('masked.reveal')}
              </Button>
              <Button look="quiet" wide onClick={() => setSheet(false)}>
                {t('close')}
              </Button>
            </>
          }
        >
          <p>{t('error.reason_required.body')}</p>
        </Sheet>
      </Part>
    </>
  )
}
