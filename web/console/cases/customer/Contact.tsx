// Masked phone and e-mail. Opening one asks for a reason, is recorded, and closes by itself. The open value lives
// only in this component's state: it is never cached, and is gone when the case is left.

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaseDetail } from '../../../../contract/desk.ts'
import { Button, ChoiceCards, ErrorNote, MaskedField, Sheet } from '../../../ui/index.ts'
import { serverNow } from '../../data/clock.ts'
import { noteSessionEnd, queryClient } from '../../data/client.ts'
import { keys, requests, type Reveal, type Revealed } from '../../data/requests.ts'
import { shownProblem } from '../../data/problem.ts'
import { t } from '../../texts.ts'
import { useCaseRights } from '../rights.ts'

type Field = Reveal['field']
type Reason = Reveal['reason']
const fields: readonly Field[] = ['phone', 'email']
const reasons: readonly Reason[] = ['call_back', 'confirm_identity', 'send_document']

export function Contact({ detail }: { detail: CaseDetail }) {
  const { reveal: mayReveal } = useCaseRights(detail)
  const [asked, setAsked] = useState<Field | null>(null)
  const [open, setOpen] = useState<Partial<Record<Field, Revealed>>>({})
  const { customer } = detail
  return (
    <>
      <dl className="masked-list">
        {fields
          .filter((field) => customer[field] !== undefined)
          .map((field) => (
            <MaskedField
              key={field}
              name={t(`field.${field}`)}
              masked={customer[field]!}
              open={shownRevealed(open[field])}
              onReveal={mayReveal ? () => setAsked(field) : undefined}
              onHide={() => setOpen((before) => ({ ...before, [field]: undefined }))}
              now={serverNow}
            />
          ))}
      </dl>
      {asked && (
        <RevealDialog
          detail={detail}
          field={asked}
          onClose={() => setAsked(null)}
          onRevealed={(revealed) => {
            setOpen((before) => ({ ...before, [asked]: revealed }))
            setAsked(null)
          }}
        />
      )}
    </>
  )
}

/** A phone number as people read it out: "+62 813 5520 2290". */
export const groupPhone = (phone: string): string =>
  phone.replace(/^\+62(\d{3})(\d{4})(\d{2,5})$/, '+62 $1 $2 $3')

const shownRevealed = (revealed: Revealed | undefined): Revealed | undefined =>
  revealed?.field === 'phone' ? { ...revealed, value: groupPhone(revealed.value) } : revealed

type RevealDialogProps = {
  detail: CaseDetail
  field: Field
  onClose: () => void
  onRevealed: (revealed: Revealed) => void
}

function RevealDialog({ detail, field, onClose, onRevealed }: RevealDialogProps) {
  const [reason, setReason] = useState<Reason | null>(null)
  const reveal = useMutation({
    mutationFn: (given: Reason) => requests.reveal(detail.id, { field, reason: given }),
    onSuccess: (revealed) => {
      onRevealed(revealed)
      void queryClient.invalidateQueries({ queryKey: keys.case(detail.id) })
    },
    onError: noteSessionEnd,
  })
  return (
    <Sheet
      open
      onClose={onClose}
      locked={reveal.isPending}
      title={t(`reveal.title.${field}`)}
      actions={
        <>
          <Button onClick={onClose}>{t('reveal.keep_hidden')}</Button>
          <Button
            look="primary"
            disabled={reason === null}
            busy={reveal.isPending && t('reveal.busy')}
            onClick={() => reason && reveal.mutate(reason)}
          >
            {t('reveal.show')}
          </Button>
        </>
      }
    >
      <p className="t13 mute">{t('reveal.seen', { name: detail.customer.name })}</p>
      {reveal.isError && <ErrorNote problem={shownProblem(reveal.error)} />}
      <ChoiceCards
        legend={t('reveal.reason')}
        legendHidden
        choices={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
        value={reason}
        onChange={setReason}
      />
    </Sheet>
  )
}
