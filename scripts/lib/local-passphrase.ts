/**
 * The stack file of the local stack is under version control, so its passphrase must be the same everywhere. What it
 * encrypts opens nothing but a tenant on this computer, whose directory only its owner can read.
 */
export const LOCAL_PASSPHRASE = 'local-tenant'
