import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DeliveryError,
  type DeliveryOptions,
  type DeliveryTarget,
  GenerationLost,
} from '../../../scripts/delivery/index.ts'
import type { FaultProxy } from './fault-proxy.ts'
import { certificateDelivery, delivery } from './support.ts'

/** A place with something in it that is somebody else's, behind a proxy that spoils what passes. */
export interface Place {
  readonly proxy: FaultProxy
  readonly open: (more?: Partial<DeliveryOptions>) => DeliveryTarget
  /** What the place holds for consumers. */
  readonly stored: () => Promise<string | undefined>
  /** What is there beside it. */
  readonly others: () => Promise<unknown>
  readonly close?: () => Promise<void>
}

/**
 * What holds for a target of every kind.
 *
 * @param openPlace makes an empty place, with something of somebody else in it
 * @param tells what can be asked of it later: the value, whether it was written since, or nothing. Default: the value.
 */
export function describeContract(
  name: string,
  openPlace: () => Promise<Place>,
  { tells = 'value' }: { readonly tells?: 'value' | 'change' | 'nothing' } = {},
): void {
  describe(`delivery to ${name}`, () => {
    let place: Place
    beforeEach(async () => {
      place = await openPlace()
    })
    afterEach(async () => {
      await place?.proxy.close()
      await place?.close?.()
    })
    const failureOf = async (target: DeliveryTarget) => {
      const error: unknown = await target.deliver(delivery()).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(DeliveryError)
      expect((error as Error).message).not.toContain('NeverLogThis')
      return error as DeliveryError
    }

    it('stores what is not there, twice as well as once, and leaves what is somebody else’s', async () => {
      const others = await place.others()
      const target = place.open()
      expect(await target.holds(delivery())).not.toBe('yes')
      await target.deliver(delivery())
      expect(await place.stored()).toBe(delivery().value)
      const writes = place.proxy.writes()
      const { version } = await target.deliver(delivery())
      if (tells === 'value') expect(place.proxy.writes()).toBe(writes)
      expect(await target.holds(delivery(), version)).toBe(tells === 'nothing' ? 'unknown' : 'yes')
      await target.deliver(delivery(2))
      expect(await place.stored()).toBe(delivery(2).value)
      if (tells !== 'nothing') expect(await target.holds(delivery(), version)).toBe('no')
      await target.deliver(certificateDelivery(3))
      expect(await place.stored()).toBe(certificateDelivery(3).value)
      expect(await place.others()).toEqual(others)
    })

    it('writes nothing of a generation that is lost', async () => {
      const beforeWrite = async () => {
        throw new GenerationLost('replaced')
      }
      await expect(place.open().deliver(delivery(), { beforeWrite })).rejects.toThrow(GenerationLost)
      expect(place.proxy.writes()).toBe(0)
    })

    it.each([
      ['refused', false],
      ['lost-answer', true],
      ['no-answer', true],
      ['no-read-back', true],
    ] as const)('says of a write with %s whether a consumer may have read it', async (how, exposed) => {
      const others = await place.others()
      place.proxy.fail(how)
      const target = place.open(how === 'no-answer' ? { requestMs: 1000 } : {})
      expect(await failureOf(target)).toMatchObject({ exposed })
      place.proxy.fail(undefined)
      await place.open().deliver(delivery())
      expect(await place.stored()).toBe(delivery().value)
      expect(await place.others()).toEqual(others)
    })

    it('gives up when the run ends', async () => {
      place.proxy.fail('no-answer')
      const stop = new AbortController()
      const ended = failureOf(place.open({ signal: stop.signal }))
      setTimeout(() => stop.abort(), 300)
      expect(await ended).toMatchObject({ exposed: expect.any(Boolean) })
    })
  })
}
