/** A file that a project shall have. */
export interface WantedFile {
  /** From the project directory, with `/`. */
  readonly path: string
  readonly content: string
  /**
   * What becomes of a file that exists with other content. `keep`: it is its owner's. A function adds what is missing;
   * undefined: it cannot. Default: it is left alone, and shown.
   */
  readonly existing?: 'keep' | ((content: string) => string | undefined)
}

/**
 * What is done about a file: it is created, it gets what it lacks, it is right already, or it differs, is left alone and
 * compared.
 */
export interface PlannedFile {
  readonly path: string
  readonly action: 'create' | 'add' | 'keep' | 'differs'
  readonly content: string
  /** Its content now. Undefined: there is no such file. */
  readonly existing: string | undefined
}

/** @param read the content of a file of the project; undefined when there is none */
export function planFiles(
  wanted: readonly WantedFile[],
  read: (path: string) => string | undefined,
): PlannedFile[] {
  return wanted.map((file) => planFile(file, read(file.path)))
}

function planFile({ path, content, existing: rule }: WantedFile, existing: string | undefined): PlannedFile {
  const planned = (action: PlannedFile['action'], wanted = content) =>
    ({ path, action, content: wanted, existing }) as const
  if (existing === undefined) return planned('create')
  if (rule === 'keep' || existing === content) return planned('keep')
  const added = rule?.(existing)
  if (added === undefined) return planned('differs')
  return added === existing ? planned('keep') : planned('add', added)
}
