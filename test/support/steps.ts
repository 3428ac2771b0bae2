import type { Stage } from './stage.ts'

/** The engine events that are read here, one JSON document in each line. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: { readonly op: string; readonly urn: string } }
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string }
}

/** Steps that leave a resource as it is. */
const IDLE: readonly string[] = ['same', 'read', 'refresh']

/**
 * Runs `pulumi up` and tells what it did, in order: `update Application file-manager`. A replaced resource has several
 * lines, such as `replace …` and `create-replacement …`.
 *
 * @throws Error with what Pulumi said, when it failed
 */
export async function upSteps(stage: Stage): Promise<string[]> {
  const { code, stdout, stderr } = await stage.pulumi('up', '--yes', '--skip-preview', '--json')
  const events = stdout.split('\n').flatMap((line): EngineEvent[] => (line ? [JSON.parse(line)] : []))
  if (code !== 0) {
    // Its debug messages hold secrets in plain.
    const errors = events.flatMap(({ diagnosticEvent: said }) =>
      said?.severity === 'error' ? [said.message] : [],
    )
    throw new Error(`pulumi up ended with ${code}:\n${errors.join('\n') || stderr}`)
  }
  return events.flatMap(({ resourcePreEvent }) => {
    if (!resourcePreEvent || IDLE.includes(resourcePreEvent.metadata.op)) return []
    const { op, urn } = resourcePreEvent.metadata
    const [, , types = '', name] = /^urn:pulumi:(.+?)::(.+?)::(.+?)::(.+)$/.exec(urn)?.slice(1) ?? []
    return [`${op} ${types.split(':').at(-1)} ${name}`]
  })
}
