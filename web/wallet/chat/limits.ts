// The contract's limit, without its schema library: a page must not load that for one figure (limits.test.ts compares).
export const maximumMessageLength = 4000
