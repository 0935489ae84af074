// The contract's limits, without its schema library: a page must not load that for a few figures (limits.test.ts compares).
export const fileLimits = { bytes: 5 * 1024 * 1024, perMessage: 5, perRefund: 5 } as const
