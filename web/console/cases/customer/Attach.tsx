// Attaches another movement of the same customer to the case, by its reference as people write or read it.

import { useMutation } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { parseReference } from '../../../../contract/ids.ts'
import { Button, Icon, TextField, problemText, toProblem } from '../../../ui/index.ts'
import { noteSessionEnd, queryClient } from '../../data/client.ts'
import { keys, requests } from '../../data/requests.ts'
import { useWorkplace } from '../../data/workplace.tsx'
import { t } from '../../texts.ts'

function refusalOf(error: unknown): string {
  const problem = toProblem(error)
  return problem.code === 'not_found' ? t('attach.unknown') : problemText(problem).title
}

export function Attach({ caseId }: { caseId: string }) {
  const { sync } = useWorkplace()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const attach = useMutation({
    mutationFn: (reference: string) => requests.attach(caseId, reference),
    onSuccess: (detail) => {
      queryClient.setQueryData(keys.case(caseId), detail)
      sync.place(detail)
      close()
    },
    onError: noteSessionEnd,
  })
  const close = (): void => {
    setOpen(false)
    setText('')
    setWrong(false)
    attach.reset()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const reference = parseReference(text)?.reference
    setWrong(!reference)
    if (reference && !attach.isPending) attach.mutate(reference)
  }
  if (!open)
    return (
      <button type="button" className="link t13" onClick={() => setOpen(true)}>
        <Icon of={Plus} size="xs" />
        {t('attach.open')}
      </button>
    )
  const error = wrong ? t('attach.wrong') : attach.isError ? refusalOf(attach.error) : undefined
  return (
    <form className="attach" onSubmit={submit}>
      <TextField
        label={t('attach.reference')}
        hint={t('attach.hint')}
        error={error}
        value={text}
        maxLength={20}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && close()}
      />
      <div className="attach-actions">
        <Button type="submit" small look="soft" busy={attach.isPending && t('attach.busy')}>
          {t('attach.submit')}
        </Button>
        <Button small look="quiet" onClick={close}>
          {t('attach.cancel')}
        </Button>
      </div>
    </form>
  )
}
