import { z } from 'zod'
import { duration } from './rotated.ts'

/** The end of an application. */
export const retire = z
  .strictObject({
    after: duration.describe('How long its sign-in is disabled before `retire` may delete it, such as 30d'),
  })
  .describe(
    'The application is at its end: no tokens are issued to it any more, and `retire` deletes it after a time',
  )
