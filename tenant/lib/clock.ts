/** Tells the time. One clock per tenant serves issuing, checking and expiry, so that tests can move all of them. */
export type Clock = () => Date

/** The form Graph writes dates in: UTC, no fraction when it is zero (`2026-01-31T12:00:00Z`). */
export function isoDate(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}

/** As `isoDate`, cut to whole seconds: for moments that the tenant itself notes down. */
export function isoSecond(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

/** `date` some calendar years later, in UTC. */
export function addYears(date: Date, years: number): Date {
  const later = new Date(date)
  later.setUTCFullYear(later.getUTCFullYear() + years)
  return later
}
