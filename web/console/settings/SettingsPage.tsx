// One's own screen: language, light or dark, size of type. Each choice holds at once, on this computer.

import { useState } from 'react'
import {
  ChoiceCards,
  chosenScheme,
  chosenTypeSize,
  languageNames,
  languages,
  localeOf,
  setLanguage,
  setScheme,
  setTypeSize,
  useLanguage,
  type Scheme,
  type TypeSize,
} from '../../ui/index.ts'
import { t } from '../texts.ts'

const schemes: readonly Scheme[] = ['system', 'light', 'dark']
const sizes: readonly TypeSize[] = ['normal', 'large', 'larger']

export function SettingsPage() {
  const language = useLanguage()
  const [scheme, choseScheme] = useState(chosenScheme)
  const [size, choseSize] = useState(chosenTypeSize)
  return (
    <main className="settings">
      <ChoiceCards
        legend={t('settings.language')}
        choices={languages.map((value) => ({ value, label: languageNames[value], lang: localeOf[value] }))}
        value={language}
        onChange={(value) => void setLanguage(value)}
      />
      <ChoiceCards
        legend={t('settings.scheme')}
        choices={schemes.map((value) => ({ value, label: t(`settings.scheme.${value}`) }))}
        value={scheme}
        onChange={(value) => {
          choseScheme(value)
          setScheme(value)
        }}
      />
      <ChoiceCards
        legend={t('settings.type')}
        choices={sizes.map((value) => ({ value, label: t(`settings.type.${value}`) }))}
        value={size}
        onChange={(value) => {
          choseSize(value)
          setTypeSize(value)
        }}
      />
    </main>
  )
}
