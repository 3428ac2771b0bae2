import { type Cases, type Declared, many, PERSONAL, text } from './case.ts'

const web = (...uris: string[]): Declared => ({ redirectUris: { web: uris } })
const native = (...uris: string[]): Declared => ({ redirectUris: { publicClient: uris } })
const pages = (count: number) => many(count, (i) => `https://a.example/${i}`)

/** Two thirds on one platform and the rest on another: the limits are those of the application. */
const spread = (count: number): Declared => {
  const uris = pages(count)
  return { redirectUris: { web: uris.slice(0, 60), spa: uris.slice(60) } }
}

export const redirectUriCases: Cases = {
  EA101: { pass: [web('https://a.example/cb')], fail: [web('/cb'), web('callback')] },
  EA102: { pass: [web(text(256, 'https://a.example/'))], fail: [web(text(257, 'https://a.example/'))] },
  EA103: {
    pass: [web('https://a.example/a-b_c~d?e=f')],
    fail: [..."!$'(),; "].map((bad) => web(`https://a.example/${bad}x`)),
  },
  EA104: { pass: [web('https://a.example/')], fail: [web('https://a.example/#/cb')] },
  EA105: {
    pass: [web('https://a.example/'), { ...PERSONAL, ...web('https://*.example.com/cb') }],
    fail: [web('https://*.example.com/cb')],
  },
  EA106: {
    pass: [web('https://*.example.com/cb'), { ...PERSONAL, ...web('https://a.example/') }],
    fail: [{ ...PERSONAL, ...web('https://*.example.com/cb') }],
  },
  EA107: { pass: [web('https://a.example/@me')], fail: [web('https://me:pw@a.example/')] },
  EA108: { pass: [web('http://127.0.0.1:8080/cb')], fail: [web('http://[::1]:8080/cb')] },
  EA109: {
    pass: [web('http://localhost/cb', 'http://127.0.0.1/cb', 'https://a.example/')],
    fail: [web('http://a.example/'), web('http://localhost.example/'), native('http://127.0.0.2/')],
  },
  EA110: {
    pass: [
      native('myapp://auth'),
      web('urn:ietf:wg:oauth:2.0:oob', 'ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883'),
      { redirectUris: { spa: ['brk-multihub://files.example.com'] } },
    ],
    fail: [web('myapp://auth'), { redirectUris: { spa: ['urn:ietf:wg:oauth:2.0:oob'] } }],
  },
  EA116: {
    pass: [
      native('urn:ietf:wg:oauth:2.0:oob', 'ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883'),
      { redirectUris: { spa: ['brk-multihub://files.example.com'] } },
    ],
    fail: [web('urn:ietf:wg:oauth:2.0:oob'), web('ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883')],
  },
  EA117: { pass: [native('myapp://auth', 'urn:a:b')], fail: [native('myapp:/auth')] },
  EA111: {
    pass: [web('https://a.example/CB', 'https://a.example/cb')],
    fail: [
      web('https://a.example/', 'https://a.example'),
      { redirectUris: { web: ['https://a.example/'], spa: ['https://a.example/'] } },
    ],
  },
  EA112: {
    pass: [web('http://localhost:1/a', 'http://localhost:2/b')],
    fail: [{ redirectUris: { web: ['http://localhost:1/'], spa: ['http://localhost:2/'] } }],
  },
  EA113: { pass: [spread(256), { ...PERSONAL, ...spread(300) }], fail: [spread(257)] },
  EA114: { pass: [{ ...PERSONAL, ...spread(100) }, spread(101)], fail: [{ ...PERSONAL, ...spread(101) }] },
  EA115: {
    pass: [web('https://a.example/?a=b'), { ...PERSONAL, ...web('https://a.example/') }],
    fail: [{ ...PERSONAL, ...web('https://a.example/?a=b') }],
  },
}
