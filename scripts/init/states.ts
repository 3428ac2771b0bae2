/** Where Pulumi can keep the state of a project (docs/pipelines.md, "Choose a state back end"). */
export const STATES = {
  local: { url: 'file://~?metadata=skip', hasAddress: true },
  'azure-blob': { url: 'azblob://CONTAINER?storage_account=ACCOUNT', hasAddress: false },
  s3: { url: 's3://BUCKET', hasAddress: false },
  postgresql: { url: 'postgres://USER@HOST/DATABASE?sslmode=verify-full', hasAddress: false },
  'pulumi-cloud': { url: 'https://api.pulumi.com', hasAddress: true },
} as const

export type State = keyof typeof STATES

/** The lines of Pulumi.yaml that name the back end; a comment where the address is yet to be filled in. */
export function backendLines(state: State): string {
  const { url, hasAddress } = STATES[state]
  return hasAddress
    ? `backend: { url: '${url}' }`
    : `# Where the state is kept: fill in the address and remove the "#", or set PULUMI_BACKEND_URL.\n# backend: { url: '${url}' }`
}

/** What the README of the project says about it. */
export function stateSentence(state: State): string {
  const { hasAddress } = STATES[state]
  if (state === 'local') {
    return 'it is in your home directory (`backend` in `Pulumi.yaml`). A pipeline needs another place.'
  }
  return hasAddress
    ? '`backend` in `Pulumi.yaml` names it; log in with `pulumi login`.'
    : 'fill in `backend` in `Pulumi.yaml`, or set `PULUMI_BACKEND_URL`.'
}
