// Step 4: the payment PIN, twice, because what is typed cannot be read.

import { useEffect, useRef, useState } from 'react'
import { Button, ErrorNote, PinField, type ApiProblem } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { SubmitButton } from './SubmitButton.tsx'

export function PinStep({
  busy,
  problem,
  onSubmit,
  onBack,
}: {
  busy: boolean
  problem: ApiProblem | null
  onSubmit: (pin: string) => void
  onBack: () => void
}) {
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [differs, setDiffers] = useState(false)
  const second = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (problem?.code !== 'pin_weak') return
    setPin('')
    setAgain('')
  }, [problem])
  const submit = (repeated: string): void => {
    if (pin.length !== 6 || repeated.length !== 6 || busy) return
    if (pin !== repeated) {
      setDiffers(true)
      setAgain('')
      second.current?.focus()
      return
    }
    onSubmit(pin)
  }
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault()
        submit(again)
      }}
    >
      <h1>{t('enter.pin.title')}</h1>
      <p className="mute">{t('enter.pin.body')}</p>
      <PinField
        fresh
        autoFocus
        name="pin"
        label={t('enter.pin')}
        hint={t('enter.pin.advice')}
        value={pin}
        onChange={setPin}
        onComplete={() => second.current?.focus()}
      />
      <PinField
        fresh
        name="pin-again"
        label={t('enter.pin.again')}
        error={differs ? t('enter.pin.differs') : undefined}
        inputRef={second}
        value={again}
        onChange={(value) => {
          setAgain(value)
          if (value) setDiffers(false)
        }}
        onComplete={submit}
      />
      {problem && !differs && <ErrorNote problem={problem} />}
      <SubmitButton busy={busy && t('enter.finish.busy')}>{t('enter.finish')}</SubmitButton>
      <Button look="quiet" onClick={onBack}>
        {t('enter.back')}
      </Button>
    </form>
  )
}
