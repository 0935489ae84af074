// Measures what a first visit loads, from Vite's manifest. Counts the entry, everything it
// imports statically, the routes a first visit needs, and the heaviest language.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { App } from './apps.ts'

type ManifestEntry = {
  file: string
  src?: string
  name?: string
  isEntry?: boolean
  imports?: string[]
  dynamicImports?: string[]
  css?: string[]
}
type Manifest = Record<string, ManifestEntry>

export type AppSize = { app: string; scriptBytes: number; styleBytes: number; files: string[] }

function addWithImports(manifest: Manifest, key: string, keys: Set<string>): void {
  const entry = manifest[key]
  if (!entry || keys.has(key)) return
  keys.add(key)
  for (const next of entry.imports ?? []) addWithImports(manifest, next, keys)
}

/** Gzipped bytes of script and style that a first visit of the built app in `outDir` loads. */
export function measureFirstLoad(app: App, outDir: string): AppSize {
  const manifest = JSON.parse(readFileSync(join(outDir, 'build-manifest.json'), 'utf8')) as Manifest
  const gzipBytes = (file: string): number => gzipSync(readFileSync(join(outDir, file)), { level: 9 }).length
  const keys = new Set<string>()
  for (const [key, entry] of Object.entries(manifest)) {
    const route = app.firstRoutes?.some(
      (source) => entry.src && `${app.folder}/${entry.src}`.startsWith(source),
    )
    if (entry.isEntry || route) addWithImports(manifest, key, keys)
  }
  const scripts = new Set([...keys].map((key) => manifest[key]!.file).filter((file) => file.endsWith('.js')))
  const styles = new Set([...keys].flatMap((key) => manifest[key]!.css ?? []))

  const bytesByLanguage: Record<string, number> = {}
  for (const entry of Object.values(manifest)) {
    const language = entry.file.match(/assets\/text-\w+-(en|id|zh)-/)?.[1]
    if (language) bytesByLanguage[language] = (bytesByLanguage[language] ?? 0) + gzipBytes(entry.file)
  }
  const sum = (files: Set<string>): number => [...files].reduce((total, file) => total + gzipBytes(file), 0)
  return {
    app: app.name,
    scriptBytes: sum(scripts) + Math.max(0, ...Object.values(bytesByLanguage)),
    styleBytes: sum(styles),
    files: [...scripts],
  }
}
