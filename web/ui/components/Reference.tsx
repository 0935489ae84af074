// A reference that people read aloud, with a button that copies it.

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { spellReference } from '../format/text.ts'
import { t } from '../i18n.ts'
import { Icon } from './Icon.tsx'

export function Reference({ reference }: { reference: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(reference)
      setCopied(true)
    } catch {
      // The reference stands beside the button and can be selected.
    }
  }
  return (
    <span className="reference">
      <span className="ref" aria-hidden="true">
        {reference}
      </span>
      <span className="sr">{spellReference(reference)}</span>
      <button type="button" className="copy" aria-label={t('reference.copy')} onClick={copy}>
        <Icon of={copied ? Check : Copy} size="sm" />
      </button>
      <span className="sr" role="status">
        {copied && t('reference.copied')}
      </span>
    </span>
  )
}
