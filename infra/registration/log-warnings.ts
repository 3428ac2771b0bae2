import * as pulumi from '@pulumi/pulumi'
import { renderProblem } from '../declaration/problems.ts'
import type { Finding } from '../rules/rule.ts'

/** @param resource what they are about; default: the stack */
export function logWarnings(warnings: readonly Finding[], resource?: pulumi.Resource): void {
  for (const warning of warnings) void pulumi.log.warn(renderProblem(warning).trimStart(), resource)
}
