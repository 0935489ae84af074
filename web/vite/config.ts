// One Vite configuration for all browser apps. JSX is React's automatic runtime everywhere;
// an app with `preact` gets preact/compat in React's place, by alias only.

import { fileURLToPath } from 'node:url'
import { basename } from 'node:path'
import type { InlineConfig } from 'vite'
import type { App } from './apps.ts'
import { cataloguePlugin } from './catalogue.ts'

export const webFolder = fileURLToPath(new URL('..', import.meta.url))

/** React's names, pointed at Preact's. Order matters: the longer names come first. */
export const preactAliases = [
  { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
  { find: /^react-dom$/, replacement: 'preact/compat' },
  { find: /^react\/jsx(-dev)?-runtime$/, replacement: 'preact/jsx-runtime' },
  { find: /^react$/, replacement: 'preact/compat' },
]

/** The language of a catalogue is only seen in its folder; its chunk is named by it. What later pages say is no first load. */
function chunkName(chunk: { name: string; facadeModuleId?: string | null }): string {
  const locale = chunk.facadeModuleId?.match(/\/([^/]+)\/locales\/(en|id|zh)\.json#(later)?/)
  return locale
    ? `assets/${locale[3] ? 'later-' : ''}text-${locale[1]}-${locale[2]}-[hash].js`
    : `assets/${basename(chunk.name)}-[hash].js`
}

export function webConfig(app: App, outDir: string): InlineConfig {
  return {
    configFile: false,
    root: `${webFolder}${app.folder}`,
    base: '/',
    mode: 'production',
    logLevel: 'warn',
    plugins: [cataloguePlugin()],
    resolve: { alias: app.preact ? preactAliases : [] },
    oxc: { jsx: { runtime: 'automatic' } },
    build: {
      outDir,
      emptyOutDir: true,
      manifest: 'build-manifest.json',
      target: ['chrome111', 'safari16.4', 'firefox114'],
      reportCompressedSize: false,
      // Our own measure is the first load in gzip (size.ts).
      chunkSizeWarningLimit: 2000,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // A module of web/ui only defines things: what a lazy page alone uses must not load with the first page.
        treeshake: { moduleSideEffects: (id) => !/\/web\/ui\/(?!gallery\/).*\.tsx?$/.test(id) },
        // Mantine's "use client" lines mean nothing in a browser bundle.
        onLog: (level, log, handle) => void (log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log)),
        output: {
          entryFileNames: 'assets/[name]-[hash].js',
          chunkFileNames: chunkName,
          assetFileNames: 'assets/[name]-[hash][extname]',
        },
      },
    },
  }
}
