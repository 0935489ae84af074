// The browser apps that the build knows. An app is a folder of web/ with an index.html.
// `firstRoutes` are lazily loaded sources that a first visit needs all the same; they count as first load.

export type AppName = 'wallet' | 'console' | 'gallery'

export type App = {
  name: AppName
  /** Folder below web/, with forward slashes. */
  folder: string
  /** Preact in React's place: for pages that customers load over a phone network. */
  preact: boolean
  /** Greatest gzipped size of the first load's script, in bytes; none means not limited. */
  budgetBytes?: number
  /** Sources below web/ whose lazy chunks a first visit always loads. */
  firstRoutes?: string[]
}

export const apps: App[] = [
  { name: 'wallet', folder: 'wallet', preact: true, budgetBytes: 60 * 1024, firstRoutes: ['wallet/home/'] },
  { name: 'console', folder: 'console', preact: false },
]

/** A page for us alone, that shows each component in each state. */
export const gallery: App = { name: 'gallery', folder: 'ui/gallery', preact: true }
