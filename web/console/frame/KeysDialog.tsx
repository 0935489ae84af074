// All keys of the console in one place.

import { Sheet } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { sendKeys } from './keys.ts'

export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const rows: [string[], string][] = [
    [['/'], t('keys.search')],
    [['j', '↓'], t('keys.next')],
    [['k', '↑'], t('keys.previous')],
    [['r'], t('keys.reply')],
    [['n'], t('keys.note')],
    [[sendKeys()], t('keys.send')],
    [['Esc'], t('keys.leave')],
    [['?'], t('keys.this')],
  ]
  return (
    <Sheet open={open} onClose={onClose} title={t('keys.title')}>
      <dl className="keys">
        {rows.map(([keys, what]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key} className="kbd">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}
