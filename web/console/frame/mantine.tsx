// Mantine in our theme. web/ui decides light or dark on <html>; Mantine follows and never decides itself.

import { MantineProvider } from '@mantine/core'
import { useSyncExternalStore, type ReactNode } from 'react'
import { cssVariablesResolver, theme } from '../../ui/mantine.ts'

const schemeNow = (): 'light' | 'dark' =>
  document.documentElement.dataset.mantineColorScheme === 'dark' ? 'dark' : 'light'

function subscribe(listener: () => void): () => void {
  const watch = new MutationObserver(listener)
  watch.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-mantine-color-scheme'],
  })
  return () => watch.disconnect()
}

export function Mantine({ children }: { children: ReactNode }) {
  const scheme = useSyncExternalStore(subscribe, schemeNow, () => 'light' as const)
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} forceColorScheme={scheme}>
      {children}
    </MantineProvider>
  )
}
