// Starts the customers' app: theme, language, first render, and what makes it readable without a connection.

import { createRoot } from 'react-dom/client'
import { startLanguage, startTheme } from '../ui/index.ts'
import '../ui/components.css'
import './styles/wallet.css'
import { App } from './App.tsx'
import { registerServiceWorker } from './offline/register.ts'
import { catalogue } from './texts.ts'

startTheme()
await startLanguage([catalogue])
createRoot(document.getElementById('root')!).render(<App />)
registerServiceWorker()
