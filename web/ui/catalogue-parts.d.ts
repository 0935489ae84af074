// Parts of a catalogue, cut by the build (web/vite/catalogue.ts): what the first page says, and the rest.
declare module '*.json?first' {
  const texts: Record<string, unknown>
  export default texts
}
declare module '*.json?later' {
  const texts: Record<string, unknown>
  export default texts
}
