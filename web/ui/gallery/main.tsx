// The gallery: every component in every state. ?lang=id|zh|en &scheme=dark &type=large|larger &density=compact
// It is a picture book for us and the ground of the accessibility test; no customer loads it.

import { createRoot } from 'react-dom/client'
import { matchLanguage, startLanguage, ToastRegion, useLanguage } from '../index.ts'
import '../components.css'
import './gallery.css'
import { ConsoleParts } from './console-parts.tsx'
import { Controls } from './controls.tsx'
import { MoneyParts } from './money-parts.tsx'
import { ScreenParts } from './screen-parts.tsx'

function Gallery() {
  useLanguage()
  return (
    <main className="gallery">
      <h1>Tuntas</h1>
      <MoneyParts />
      <Controls />
      <ConsoleParts />
      <ScreenParts />
      <ToastRegion />
    </main>
  )
}

const wish = new URLSearchParams(location.search)
const { dataset } = document.documentElement
dataset.mantineColorScheme = wish.get('scheme') ?? 'light'
dataset.type = wish.get('type') ?? 'normal'
dataset.room = dataset.type
if (wish.get('density')) dataset.density = wish.get('density')!
await startLanguage([], matchLanguage([wish.get('lang') ?? 'en']) ?? 'en')
createRoot(document.getElementById('root')!).render(<Gallery />)
dataset.ready = 'true'
