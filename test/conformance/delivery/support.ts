import type { Delivery } from '../../../scripts/delivery/index.ts'

/** A delivery with a value that is easy to search for. */
export const delivery = (generation = 1): Delivery => ({
  app: 'file-manager',
  secret: 'onedrive',
  kind: 'secret',
  generation,
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  keyId: `33333333-3333-4333-8333-33333333333${generation}`,
  endDate: '2026-09-01T00:00:00Z',
  value: `abc8Q~NeverLogThis-${generation}`,
})

/** The same for a certificate: key and certificate, line by line easy to search for. */
export const certificateDelivery = (generation = 1): Delivery => ({
  ...delivery(generation),
  kind: 'certificate',
  value: [
    '-----BEGIN PRIVATE KEY-----',
    `NeverLogThis/first+line=${generation}`,
    'NeverLogThis/second+line',
    '-----END PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----',
    `PublicButLong${generation}==`,
    '-----END CERTIFICATE-----',
    '',
  ].join('\n'),
})
