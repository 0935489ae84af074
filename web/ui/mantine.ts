// Mantine 9 in Tuntas's clothes, for the console alone. Every colour points at a role of tokens.css,
// so that both schemes come from one place; nothing here holds a colour but the two ramps Mantine wants.

import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const rem = (pixels: number): string => `${pixels / 16}rem`

const manggis: MantineColorsTuple = [
  '#fcf3f8',
  '#f8e0ec',
  '#f2c0da',
  '#e596c1',
  '#d36aa7',
  '#b54389',
  '#952d6e',
  '#781e57',
  '#591440',
  '#350b25',
]
const pasir: MantineColorsTuple = [
  '#fcfaf7',
  '#f8f4ef',
  '#f1ece7',
  '#e4dcd6',
  '#cfc5bf',
  '#a59894',
  '#7d6f70',
  '#645559',
  '#4a3b40',
  '#21161b',
]

export const theme = createTheme({
  colors: { manggis, pasir },
  primaryColor: 'manggis',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  black: '#21161b',
  fontFamily: 'var(--tn-font)',
  fontFamilyMonospace: 'var(--tn-font-mono)',
  fontSizes: { xs: rem(13), sm: rem(14), md: rem(16), lg: rem(18), xl: rem(22) },
  lineHeights: { xs: '1.385', sm: '1.429', md: '1.5', lg: '1.444', xl: '1.273' },
  headings: { fontFamily: 'var(--tn-font)', fontWeight: 'var(--tn-w-semi)' },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  radius: { xs: rem(4), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(24) },
  defaultRadius: 'sm',
  shadows: {
    xs: 'var(--tn-e-1)',
    sm: 'var(--tn-e-1)',
    md: 'var(--tn-e-2)',
    lg: 'var(--tn-e-3)',
    xl: 'var(--tn-e-3)',
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      styles: { root: { minHeight: 'var(--tn-control)', fontWeight: 'var(--tn-w-semi)' } },
      // Dark's brand is light and carries dark words; Mantine's own contrast rule would choose white.
      vars: (_, { variant = 'filled', color }) => ({
        root: variant === 'filled' && !color ? { '--button-color': 'var(--tn-on-brand)' } : {},
      }),
    }),
    Paper: {
      defaultProps: { withBorder: false, shadow: 'xs', radius: 'md' },
      styles: { root: { backgroundColor: 'var(--tn-surface)' } },
    },
    Badge: { defaultProps: { variant: 'light', tt: 'none', fw: 500 } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm', autosize: true } },
    Select: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        centered: true,
        size: rem(336),
        radius: 'lg',
        overlayProps: { color: 'var(--tn-scrim)', backgroundOpacity: 1 },
      },
    },
    Drawer: {
      defaultProps: {
        position: 'right',
        size: rem(536),
        offset: 12,
        radius: 'xl',
        overlayProps: { color: 'var(--tn-scrim)', backgroundOpacity: 1 },
      },
    },
    Alert: { defaultProps: { variant: 'light' } },
    Tooltip: { defaultProps: { openDelay: 300 } },
  },
})

const roles = {
  '--mantine-color-body': 'var(--tn-bg)',
  '--mantine-color-text': 'var(--tn-text)',
  '--mantine-color-dimmed': 'var(--tn-text-2)',
  '--mantine-color-placeholder': 'var(--tn-text-3)',
  '--mantine-color-default': 'var(--tn-surface)',
  '--mantine-color-default-color': 'var(--tn-text)',
  '--mantine-color-default-border': 'var(--tn-line-strong)',
  '--mantine-color-default-hover': 'var(--tn-sunken)',
  '--mantine-color-anchor': 'var(--tn-brand-text)',
  '--mantine-color-error': 'var(--tn-fail)',
  '--mantine-color-disabled': 'var(--tn-sunken)',
  '--mantine-color-disabled-color': 'var(--tn-text-3)',
  '--mantine-color-disabled-border': 'var(--tn-line)',
  '--mantine-primary-color-filled': 'var(--tn-brand)',
  '--mantine-primary-color-filled-hover': 'var(--tn-brand-hover)',
  '--mantine-primary-color-contrast': 'var(--tn-on-brand)',
  '--mantine-primary-color-light': 'var(--tn-brand-tint)',
  '--mantine-primary-color-light-hover': 'var(--tn-brand-line)',
  '--mantine-primary-color-light-color': 'var(--tn-brand-text)',
  '--mantine-color-manggis-filled': 'var(--tn-brand)',
  '--mantine-color-manggis-filled-hover': 'var(--tn-brand-hover)',
  '--mantine-color-manggis-light': 'var(--tn-brand-tint)',
  '--mantine-color-manggis-light-hover': 'var(--tn-brand-line)',
  '--mantine-color-manggis-light-color': 'var(--tn-brand-text)',
  '--mantine-color-manggis-outline': 'var(--tn-brand)',
  '--mantine-color-manggis-contrast': 'var(--tn-on-brand)',
}

/**
 * The same pointers in both schemes: what they point at changes with the attribute.
 * Fields take ground and border from Mantine's own greys, so those point at roles too.
 */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...roles, '--mantine-color-gray-4': 'var(--tn-line-strong)' },
  dark: {
    ...roles,
    '--mantine-color-dark-4': 'var(--tn-line-strong)',
    '--mantine-color-dark-5': 'var(--tn-sunken)',
    '--mantine-color-dark-6': 'var(--tn-surface)',
  },
})
