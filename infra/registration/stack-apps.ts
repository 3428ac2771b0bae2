import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import { exposedIds } from '../declaration/derived-ids.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { Api } from './permissions.ts'

/** What other applications of a stack need of one. */
export interface StackAppIds {
  readonly clientId: pulumi.Output<string>
  /** Known once both objects are what is declared, so that whoever waits for it finds new roles and scopes in place. */
  readonly servicePrincipalId: pulumi.Output<string>
}

/**
 * The applications of a stack as they refer to each other by name. They may be made in any order: who asks for one
 * that is not made yet waits for it. The rules have found out before that no two wait for each other.
 */
export class StackApps {
  readonly apps: Readonly<Record<string, AppDeclaration>>
  readonly #made: Readonly<Record<string, PromiseWithResolvers<StackAppIds>>>

  /** @param apps every application of the stack, checked */
  constructor(apps: Readonly<Record<string, AppDeclaration>>) {
    this.apps = apps
    this.#made = mapValues(apps, () => Promise.withResolvers<StackAppIds>())
  }

  /** Whether the name is one of the stack's applications. */
  has(name: string): boolean {
    return Object.hasOwn(this.apps, name)
  }

  /** The names that an application of the stack had before, as long as no other one has them now. */
  formerNamesOf(name: string): readonly string[] {
    const formerly = this.has(name) ? (this.apps[name]?.formerly ?? []) : []
    return formerly.filter((former) => !this.has(former))
  }

  /** Called by each application once it is made. */
  announce(name: string, ids: StackAppIds): void {
    this.#made[name]?.resolve(ids)
  }

  /**
   * @param name one of the stack's applications
   * @throws RangeError when it is not
   */
  idsOf(name: string): StackAppIds {
    const made = this.#made[name]
    if (!made) throw new RangeError(`The stack has no application "${name}"`)
    return {
      clientId: pulumi.output(made.promise.then(({ clientId }) => clientId)),
      servicePrincipalId: pulumi.output(made.promise.then(({ servicePrincipalId }) => servicePrincipalId)),
    }
  }

  /** The application as an API: its permissions are known from the declaration alone. */
  api(name: string): pulumi.Output<Api> {
    const { clientId, servicePrincipalId } = this.idsOf(name)
    const ids = exposedIds(name, this.apps[name] as AppDeclaration)
    return pulumi.output({
      name,
      appId: clientId,
      servicePrincipalId,
      appRoleIds: ids.appRoles,
      scopeIds: ids.scopes,
    }) as pulumi.Output<Api>
  }

  /** The client id of an application of the stack; a client id itself comes back as it is. */
  clientIdOf(reference: string): pulumi.Output<string> {
    return this.has(reference) ? this.idsOf(reference).clientId : pulumi.output(reference)
  }
}
