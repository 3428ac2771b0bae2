import * as pulumi from '@pulumi/pulumi'

/**
 * The name of a resource whose name holds another one that may have changed, with options by which it is found under
 * the names that it had.
 *
 * @param present what it is called now
 * @param former what it was called before; one that is the same as now changes nothing
 * @param nameFor the name of the resource under one of them
 */
export function nameWithAliases<T>(
  present: T,
  former: readonly pulumi.Input<T>[],
  nameFor: (name: T) => string,
): [name: string, options: Pick<pulumi.CustomResourceOptions, 'aliases'>] {
  const name = nameFor(present)
  const aliases = former.map((each) => ({ name: pulumi.output(each).apply((known) => nameFor(known as T)) }))
  return [name, aliases.length > 0 ? { aliases } : {}]
}

/** An application, or an identity, keeps its resources when it is renamed: they are found under each former name. */
export function withFormerNames(
  formerly: readonly string[] = [],
  options: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  if (formerly.length === 0) return options
  return { ...options, aliases: [...(options.aliases ?? []), ...formerly.map((name) => ({ name }))] }
}
