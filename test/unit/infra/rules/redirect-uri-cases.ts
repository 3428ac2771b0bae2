import { type Cases, type Declared, type FailingCase, many, PERSONAL, text } from './case.ts'

const web = (...uris: string[]): Declared => ({ redirectUris: { web: uris } })
const native = (...uris: string[]): Declared => ({ redirectUris: { publicClient: uris } })
const pages = (count: number) => many(count, (i) => `https://a.example/${i}`)

/** Two thirds on one platform and the rest on another: the limits are those of the application. */
const spread = (count: number): Declared => {
  const uris = pages(count)
  return { redirectUris: { web: uris.slice(0, 60), spa: uris.slice(60) } }
}

export const redirectUriCases: Cases = {
  EA101: {
    pass: [
      web('https://a.example/cb'),
      native('msal{clientId}://auth', 'ms-appx-web://microsoft.aad.brokerplugin/{clientId}'),
    ],
    fail: [
      [web('/cb'), 'redirectUris.web.0: "/cb" is not an absolute URI'],
      [web('callback'), 'redirectUris.web.0: "callback" is not an absolute URI'],
    ],
  },
  EA102: {
    pass: [web(text(256, 'https://a.example/'))],
    fail: [
      [
        web(text(257, 'https://a.example/')),
        'redirectUris.web.0: the URI has 257 characters, the limit is 256',
      ],
    ],
  },
  EA103: {
    pass: [web('https://a.example/a-b_c~d?e=f')],
    fail: [..."!$'(),; "].map(
      (bad): FailingCase => [
        web(`https://a.example/${bad}x`),
        `redirectUris.web.0: "https://a.example/${bad}x" contains "${bad}", which Entra does not support in redirect URIs`,
      ],
    ),
  },
  EA104: {
    pass: [web('https://a.example/')],
    fail: [
      [
        web('https://a.example/#/cb'),
        'redirectUris.web.0: "https://a.example/#***" has a fragment, which never reaches a server',
      ],
    ],
  },
  EA105: {
    pass: [web('https://a.example/'), { ...PERSONAL, ...web('https://*.example.com/cb') }],
    fail: [
      [
        web('https://*.example.com/cb'),
        'redirectUris.web.0: "https://*.example.com/cb" has a wildcard host: anyone who controls one of these hosts receives the codes',
      ],
    ],
  },
  EA106: {
    pass: [web('https://*.example.com/cb'), { ...PERSONAL, ...web('https://a.example/') }],
    fail: [
      [
        { ...PERSONAL, ...web('https://*.example.com/cb') },
        'redirectUris.web.0: "https://*.example.com/cb" has a wildcard, which AzureADandPersonalMicrosoftAccount does not allow',
      ],
    ],
  },
  EA107: {
    pass: [web('https://a.example/@me')],
    fail: [[web('https://me:pw@a.example/'), 'redirectUris.web.0: the URI carries a user name or password']],
  },
  EA108: {
    pass: [web('http://127.0.0.1:8080/cb')],
    fail: [
      [
        web('http://[::1]:8080/cb'),
        'redirectUris.web.0: "http://[::1]:8080/cb" uses [::1], which Entra does not support',
      ],
    ],
  },
  EA109: {
    pass: [web('http://localhost/cb', 'http://127.0.0.1/cb', 'https://a.example/')],
    fail: [
      [
        web('http://a.example/'),
        'redirectUris.web.0: "http://a.example/" is http to a host other than this computer; codes would travel in the clear',
      ],
      [
        web('http://localhost.example/'),
        'redirectUris.web.0: "http://localhost.example/" is http to a host other than this computer; codes would travel in the clear',
      ],
      [
        native('http://127.0.0.2/'),
        'redirectUris.publicClient.0: "http://127.0.0.2/" is http to a host other than this computer; codes would travel in the clear',
      ],
    ],
  },
  EA110: {
    pass: [
      native('myapp://auth'),
      web('urn:ietf:wg:oauth:2.0:oob', 'ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883'),
      { redirectUris: { spa: ['brk-multihub://files.example.com'] } },
    ],
    fail: [
      [web('myapp://auth'), 'redirectUris.web.0: "myapp://auth" has the scheme "myapp:"; web accepts https'],
      [
        { redirectUris: { spa: ['urn:ietf:wg:oauth:2.0:oob'] } },
        'redirectUris.spa.0: "urn:ietf:wg:oauth:2.0:oob" has the scheme "urn:"; spa accepts https',
      ],
      [
        { redirectUris: { spa: ['brk-9f0e://files.example.com'] } },
        'redirectUris.spa.0: "brk-9f0e://files.example.com" has the scheme "brk-9f0e:"; spa accepts https',
      ],
      [
        web('brk-multihub://files.example.com/'),
        'redirectUris.web.0: "brk-multihub://files.example.com/" has the scheme "brk-multihub:"; web accepts https',
      ],
    ],
  },
  EA116: {
    pass: [
      native('urn:ietf:wg:oauth:2.0:oob', 'ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883'),
      { redirectUris: { spa: ['brk-multihub://files.example.com'] } },
    ],
    fail: [
      [
        web('urn:ietf:wg:oauth:2.0:oob'),
        'redirectUris.web.0: "urn:ietf:wg:oauth:2.0:oob" is of a native app; Entra takes it under web, where only some flows use it',
      ],
      [
        web('ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883'),
        'redirectUris.web.0: "ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883" is of a native app; Entra takes it under web, where only some flows use it',
      ],
    ],
  },
  EA118: {
    pass: [
      { redirectUris: { spa: ['brk-multihub://files.example.com', 'brk-multihub://localhost:3000/'] } },
      native('myapp://auth/callback'),
    ],
    fail: [
      [
        { redirectUris: { spa: ['brk-multihub://files.example.com/callback'] } },
        'redirectUris.spa.0: "brk-multihub://files.example.com/callback" has more than a host, which the broker of nested app authentication never asks for',
      ],
    ],
  },
  EA117: {
    pass: [native('myapp://auth', 'urn:a:b')],
    fail: [
      [
        native('myapp:/auth'),
        'redirectUris.publicClient.0: "myapp:/auth" has no host, which the azuread provider refuses',
      ],
    ],
  },
  EA111: {
    pass: [web('https://a.example/CB', 'https://a.example/cb')],
    fail: [
      [
        web('https://a.example/', 'https://a.example'),
        'redirectUris.web.1: "https://a.example/" is listed twice (first under web)',
      ],
      [
        { redirectUris: { web: ['https://a.example/'], spa: ['https://a.example/'] } },
        'redirectUris.spa.0: "https://a.example/" is listed twice (first under web)',
      ],
    ],
  },
  EA112: {
    pass: [web('http://localhost:1/a', 'http://localhost:2/b')],
    fail: [
      [
        { redirectUris: { web: ['http://localhost:1/'], spa: ['http://localhost:2/'] } },
        'redirectUris.spa.0: "http://localhost:2/" and "http://localhost:1/" (under web) are one to Entra, which ignores loopback ports',
      ],
    ],
  },
  EA113: {
    pass: [spread(256), { ...PERSONAL, ...spread(300) }],
    fail: [[spread(257), 'redirectUris: 257 redirect URIs over all platforms, the limit is 256']],
  },
  EA114: {
    pass: [{ ...PERSONAL, ...spread(100) }, spread(101)],
    fail: [
      [
        { ...PERSONAL, ...spread(101) },
        'redirectUris: 101 redirect URIs over all platforms, the limit is 100',
      ],
    ],
  },
  EA115: {
    pass: [web('https://a.example/?a=b'), { ...PERSONAL, ...web('https://a.example/') }],
    fail: [
      [
        { ...PERSONAL, ...web('https://a.example/?a=b') },
        'redirectUris.web.0: "https://a.example/?a=***" has a query, which AzureADandPersonalMicrosoftAccount does not allow',
      ],
    ],
  },
}
