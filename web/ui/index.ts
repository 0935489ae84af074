// Everything that the apps take from web/ui, except theming for Mantine (mantine.ts), which is the console's alone.

export * from './language.ts'
export * from './i18n.ts'
export * from './theme.ts'
export * from './format/money.ts'
export * from './components/Icon.tsx'
export * from './components/Money.tsx'
export * from './components/StateBadge.tsx'
export * from './components/Button.tsx'
export * from './format/time.ts'
export * from './format/text.ts'
export * from './api.ts'
export * from './live.ts'
