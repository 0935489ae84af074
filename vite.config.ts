// Settings that tests and editors share with the build of the browser apps (web/vite/).

import { defineConfig } from 'vite'
import { cataloguePlugin } from './web/vite/catalogue.ts'

export default defineConfig({
  plugins: [cataloguePlugin()],
  oxc: { jsx: { runtime: 'automatic' } },
})
