// Pictures that the customer sent in the conversation, to be chosen as evidence of a refund. Choosing is no look.

import { formatTime, useLanguage } from '../../../ui/index.ts'
import { useNow } from '../../data/clock.ts'
import { t } from '../../texts.ts'
import { useMessages } from '../useCase.ts'

/** As many as the server takes (contract/files.ts). */
const most = 5

export function Evidence({
  caseId,
  chosen,
  onChange,
}: {
  caseId: string
  chosen: readonly string[]
  onChange: (ids: readonly string[]) => void
}) {
  const language = useLanguage()
  const now = useNow(60_000)
  const { data = [] } = useMessages(caseId)
  const sent = data.flatMap(({ files = [], storedAt }) => files.map((file) => ({ file, storedAt })))
  if (sent.length === 0) return null
  return (
    <fieldset className="refund-evidence">
      <legend className="field-label">{t('refund.ask.evidence')}</legend>
      {sent.map(({ file, storedAt }) => {
        const isChosen = chosen.includes(file.id)
        const kind = file.mediaType === 'application/pdf' ? t('file.document') : t('file.picture')
        return (
          <label key={file.id} className="fx">
            <input
              type="checkbox"
              checked={isChosen}
              disabled={!isChosen && chosen.length >= most}
              onChange={() =>
                onChange(isChosen ? chosen.filter((id) => id !== file.id) : [...chosen, file.id])
              }
            />
            {`${kind} · ${formatTime(storedAt, { language, now })}`}
          </label>
        )
      })}
    </fieldset>
  )
}
