/**
 * The proof engine: does a credential yield a token with exactly the declared permissions, and does Graph answer it?
 *
 *     const ports = openPorts(await discoverEndpoints(process.env))
 *     const proof = await proveCredential(target, ports, { wait: { deadlineMs: 600_000 } })
 *     if (proof.verdict !== 'proved') …
 */

export type { AppCredential, AppTarget } from './app-target.ts'
export { exitCodeOf } from './assemble.ts'
export { type AtHand, gatherAtHand } from './at-hand.ts'
export { CATALOGUE, type CatalogueEntry, type Explained, explain } from './catalogue/index.ts'
export { type Deployer, deployerLogin, namesDeployer } from './deployer.ts'
export { type Directory, openDirectory } from './directory/open.ts'
export { discoverEndpoints, type Endpoints, inCloud } from './endpoints.ts'
export { matchAtHand } from './match-at-hand.ts'
export { openPorts } from './open-ports.ts'
export type { PersistOptions, Waiting } from './persist.ts'
export type { ProofPorts } from './ports.ts'
export { type ProveAllOptions, prove } from './prove.ts'
export { type ProvedCredential, type ProveOptions, proveCredential } from './prove-credential.ts'
export { proveRefused } from './prove-refused.ts'
export type { AppProof, Check, CredentialProof, Explanation, ProofReport } from './report.ts'
export { stackTargets } from './stack-targets.ts'
export { type Credential, type CredentialTarget, type ExpectedApi, GRAPH_APP_ID } from './target.ts'
export { type ChangeTimes, DEFAULT_WAIT, type Verdict, type WaitPolicy } from './wait.ts'
