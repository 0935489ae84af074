// Starts the customers' app: theme, language, first render.

import { createRoot } from 'react-dom/client'
import { startLanguage, startTheme, useLanguage } from '../ui/index.ts'
import '../ui/components.css'
import { catalogue, t } from './texts.ts'

function App() {
  useLanguage()
  return <h1>{t('app.name')}</h1>
}

startTheme()
await startLanguage([catalogue])
createRoot(document.getElementById('root')!).render(<App />)
