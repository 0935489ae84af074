// Starts the agents' app: theme, language, first render.

import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { startLanguage, startTheme, useLanguage } from '../ui/index.ts'
import '../ui/components.css'
import { catalogue, t } from './texts.ts'

function App() {
  useLanguage()
  return <h1>{t('app.title')}</h1>
}

startTheme()
await startLanguage([catalogue])
createRoot(document.getElementById('root')!).render(
  <MantineProvider>
    <App />
  </MantineProvider>,
)
