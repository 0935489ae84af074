// THE table: which room may know which. scripts/check/borders.ts enforces it on every import of every file.
// Money rooms never know the service rooms and the service rooms never know the money: not even through a third room.
// A room that is not here may not exist, and an entry without its folder fails too.

/** A room under server/modules and the rooms whose index.ts it may import. */
export const rooms = {
  // Records and rights
  audit: [],
  staff: ['audit'],
  notices: [],
  identity: ['audit', 'notices'],
  approvals: ['audit', 'staff'],
  files: ['audit'],
  // Money
  ledger: [],
  wallets: ['ledger', 'audit'],
  merchants: ['ledger'],
  payments: ['ledger', 'wallets', 'merchants', 'staff', 'audit'],
  tracing: [],
  rails: [],
  funding: ['ledger', 'wallets', 'rails', 'staff', 'audit'],
  refunds: ['merchants', 'payments', 'files', 'staff', 'audit'],
  settlements: ['ledger', 'merchants', 'rails', 'staff', 'audit'],
  // Service
  decisions: ['staff'],
  desk: ['staff', 'audit', 'files'],
  helper: [],
  knowledge: [],
} as const satisfies Record<string, readonly string[]>

export type RoomTable = Readonly<Record<string, readonly string[]>>

/** Rooms that move or hold money. */
export const moneyRooms: readonly string[] = [
  'ledger',
  'wallets',
  'merchants',
  'payments',
  'rails',
  'funding',
  'settlements',
]

/** Rooms that talk with customers. They hold references to money, never the money's rooms. */
export const serviceRooms: readonly string[] = ['desk', 'helper', 'knowledge']

/** Packages that only some folders may import, because they wrap them for everybody else. */
export const keptPackages: Readonly<Record<string, readonly string[]>> = {
  pg: ['server/platform', 'sandbox', 'bench', 'scripts', 'journeys'],
}

/** A folder outside the rooms, and the folders that it may import besides itself. */
export interface Area {
  mayImport: readonly string[]
  /** Packages that it may import; undefined means any that is not kept. */
  packages?: readonly string[]
  /** May use Node's own modules although it lies under web/. */
  node?: true
}

/** Longest name first wins: `web/vite` before `web`. Rooms stand above. */
export const areas: Readonly<Record<string, Area>> = {
  contract: { mayImport: [], packages: ['typebox'] },
  'server/platform': { mayImport: ['contract'] },
  // server/main.ts and what stands beside it put the rooms together; only they and the tools below may.
  server: { mayImport: ['contract', 'server/platform', 'server/modules', 'web/vite'] },
  sandbox: { mayImport: ['contract'] },
  'web/ui': { mayImport: ['contract'] },
  'web/wallet': { mayImport: ['contract', 'web/ui'] },
  'web/console': { mayImport: ['contract', 'web/ui'] },
  // A page that shows every component, and the browser that tests it; no part of the product.
  'web/ui/gallery': { mayImport: ['contract', 'web/ui', 'web/vite'], node: true },
  'web/vite': { mayImport: ['contract'], node: true },
  scripts: {
    mayImport: ['contract', 'server', 'server/platform', 'server/modules', 'sandbox', 'web/vite', 'bench'],
  },
  bench: {
    mayImport: ['contract', 'server', 'server/platform', 'server/modules', 'sandbox', 'scripts', 'web/vite'],
  },
  journeys: {
    mayImport: [
      'contract',
      'server',
      'server/platform',
      'server/modules',
      'sandbox',
      'scripts',
      'bench',
      'web/vite',
    ],
  },
}
