// How a bank account is shown and written into records.

/** Keeps what recognises the account: the last four digits. */
export const maskAccount = (number: string): string => `•••• ${number.slice(-4)}`
