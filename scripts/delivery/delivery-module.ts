import type { Delivery, Receipt } from './target.ts'

/** What a {@link DeliveryModule} is told beside the credential. */
export interface DeliveryContext {
  /** What the declaration says below `with`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Fires when the time is up or the run ends. Five seconds later the module is ended. */
  readonly signal: AbortSignal
}

/**
 * A place of a team's own where consumers read a credential: the default export of a module in the project directory.
 *
 *     import type { DeliveryModule } from 'entra-apps'
 *
 *     export default {
 *       async deliver({ value }, { settings, signal }) {
 *         await fetch(`${settings.url}`, { method: 'PUT', body: value, signal })
 *       },
 *     } satisfies DeliveryModule
 */
export interface DeliveryModule {
  /**
   * Stores the credential. It is called only when {@link DeliveryModule.holds} did not say yes, and just after it was made
   * sure that no other run has replaced the credential. Storing it twice must be harmless.
   *
   * @returns a version, where the place has one; it is handed to `holds` later
   * @throws any error; the credential then counts as read by consumers, unless the error has a property `exposed` that is
   * false: the place refused, and nothing was stored
   */
  deliver(delivery: Delivery, context: DeliveryContext): Promise<Receipt> | Promise<void>
  /**
   * Whether the place holds the credential: asked before and after it is stored, and whenever `deliver` or `rotate` runs.
   * Default: unknown, and so stored again only if no record says that it was.
   *
   * @param context with the version that `deliver` returned, if it is known
   */
  holds?(delivery: Delivery, context: DeliveryContext & { readonly version?: string }): Held | Promise<Held>
}

type Held = 'yes' | 'no' | 'unknown'
