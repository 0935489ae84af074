// Starts the agents' console: theme, language, first render.

import '@mantine/core/styles.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { startLanguage, startTheme } from '../ui/index.ts'
import '../ui/components.css'
import './styles/console.css'
import { App } from './app.tsx'
import { queryClient } from './data/client.ts'
import { Mantine } from './frame/mantine.tsx'
import { catalogue, t } from './texts.ts'

startTheme()
await startLanguage([catalogue])
document.title = t('app.title')
createRoot(document.getElementById('root')!).render(
  <Mantine>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </Mantine>,
)
