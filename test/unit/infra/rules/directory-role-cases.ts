import type { Cases } from './case.ts'

const EXCHANGE = '29232cdf-9323-42fd-ade2-1d097af3e4de'
const CUSTOM = '6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7eab'

export const directoryRoleCases: Cases = {
  EA614: {
    pass: [
      {},
      {
        directoryRoles: ['Exchange Administrator', 'exchange administrator', EXCHANGE.toUpperCase(), CUSTOM],
      },
    ],
    fail: [
      [
        { directoryRoles: ['Reports Reader', 'Exchange Admin'] },
        'directoryRoles.1: "Exchange Admin" is not a built-in directory role',
      ],
    ],
  },
  EA615: {
    pass: [{ directoryRoles: [EXCHANGE, 'Reports Reader', CUSTOM] }],
    fail: [
      [
        { directoryRoles: ['Exchange Administrator', EXCHANGE] },
        `directoryRoles.1: "${EXCHANGE}" and "Exchange Administrator" are the same directory role`,
      ],
      [{ directoryRoles: [CUSTOM, CUSTOM] }, `directoryRoles.1: "${CUSTOM}" is listed twice`],
    ],
  },
  EA616: {
    pass: [{ directoryRoles: ['Exchange Administrator', 'User Administrator', CUSTOM] }],
    fail: [
      [
        { directoryRoles: ['Exchange Administrator', '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'] },
        'directoryRoles.1: as Application Administrator, it can add a secret to any application, and act as that',
      ],
    ],
  },
}
