/**
 * The proof engine: does a credential yield a token with exactly the declared permissions, and does Graph answer it?
 *
 *     const ports = openPorts(await discoverEndpoints(process.env))
 *     const proof = await proveCredential(target, ports, { wait: { deadlineMs: 600_000 } })
 *     if (proof.verdict !== 'proved') …
 */

export { CATALOGUE, type CatalogueEntry, type Explained, explain } from './catalogue/index.ts'
export { type Deployer, deployerLogin, namesDeployer } from './connection/deployer.ts'
export { discoverEndpoints, type Endpoints, inCloud } from './connection/endpoints.ts'
export { openPorts } from './connection/open-ports.ts'
export { type Directory, openDirectory } from './directory/open.ts'
export type { AppCredential, AppTarget } from './model/app-target.ts'
export type { ProofPorts } from './model/ports.ts'
export type { AppProof, Check, CredentialProof, Explanation, ProofReport } from './model/report.ts'
export type { ChangeTimes, Credential, CredentialTarget, ExpectedApi } from './model/target.ts'
export { type ProveAllOptions, prove } from './prove.ts'
export { type ProvedCredential, type ProveOptions, proveCredential } from './prove-credential.ts'
export { proveRefused } from './prove-refused.ts'
export { exitCodeOf } from './report/assemble.ts'
export type { RetryOptions, Waiting } from './retry/retry-until-settled.ts'
export { DEFAULT_WAIT, type Verdict, type WaitPolicy } from './retry/wait.ts'
export { gatherLocalKeys, type LocalKeys } from './targets/local-keys.ts'
export { matchLocalKeys } from './targets/match-local-keys.ts'
export { onItsHost, stackTargets } from './targets/stack-targets.ts'
