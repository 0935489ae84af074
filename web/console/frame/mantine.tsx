// Mantine drawn with our tokens: its drawers and menus take colours, type and shapes from web/ui.
// web/ui decides light or dark on <html>; Mantine follows and never decides itself.

import {
  MantineProvider,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core'
import { useSyncExternalStore, type ReactNode } from 'react'

const ramp = (name: string, steps: readonly number[]): MantineColorsTuple =>
  steps.map((step) => `var(--tn-${name}-${step})`) as unknown as MantineColorsTuple
const rem = (px: number): string => `${px / 16}rem`

const theme = createTheme({
  colors: {
    manggis: ramp('manggis', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    pasir: ramp('pasir', [25, 50, 100, 200, 300, 400, 500, 600, 700, 900]),
  },
  primaryColor: 'manggis',
  primaryShade: { light: 7, dark: 3 },
  fontFamily: 'var(--tn-font)',
  fontFamilyMonospace: 'var(--tn-font-mono)',
  fontSizes: { xs: rem(13), sm: rem(14), md: rem(16), lg: rem(18), xl: rem(22) },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  radius: { xs: rem(4), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(24) },
  defaultRadius: 'md',
  shadows: {
    xs: 'var(--tn-e-1)',
    sm: 'var(--tn-e-1)',
    md: 'var(--tn-e-2)',
    lg: 'var(--tn-e-3)',
    xl: 'var(--tn-e-3)',
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Drawer: { defaultProps: { overlayProps: { color: 'var(--tn-scrim)', backgroundOpacity: 1 } } },
    Menu: { defaultProps: { shadow: 'lg', transitionProps: { duration: 120 } } },
  },
})

const roles = {
  '--mantine-color-body': 'var(--tn-surface)',
  '--mantine-color-text': 'var(--tn-text)',
  '--mantine-color-dimmed': 'var(--tn-text-2)',
  '--mantine-color-placeholder': 'var(--tn-text-3)',
  '--mantine-color-default': 'var(--tn-raised)',
  '--mantine-color-default-color': 'var(--tn-text)',
  '--mantine-color-default-border': 'var(--tn-line)',
  '--mantine-color-default-hover': 'var(--tn-sunken)',
  '--mantine-color-anchor': 'var(--tn-brand-text)',
  '--mantine-color-error': 'var(--tn-fail)',
  '--mantine-primary-color-filled': 'var(--tn-brand)',
  '--mantine-primary-color-filled-hover': 'var(--tn-brand-hover)',
  '--mantine-primary-color-contrast': 'var(--tn-on-brand)',
  '--mantine-primary-color-light': 'var(--tn-brand-tint)',
}
const resolver: CSSVariablesResolver = () => ({ variables: {}, light: roles, dark: roles })

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
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolver}
      forceColorScheme={scheme}
      withGlobalClasses={false}
    >
      {children}
    </MantineProvider>
  )
}
