import type { RequestView } from '../../src/request/request-view.ts'
import { viewOf } from './canonical-case.ts'

type Sample = { readonly name: string; readonly view: RequestView }

const texts: readonly string[] = [
  'select a table from the union catalogue',
  "O'Reilly & Sons",
  'drop me a line',
  "D'Angelo, Conan O'Brien and Sinéad O'Connor",
  "it's 5 o'clock -- time to go; see you tomorrow",
  'The European Union select committee met, and the members voted.',
  'Insert the key into the lock and update the set of rules.',
  'Please order by phone or order by mail before 5 pm',
  'Tom & Jerry; cats | dogs (and ls is a command)',
  'Use <b>bold</b> and <i>italic</i> text, e.g. a < b and c > d',
  '# Title\n\n- item *one*\n- item `two`\n\n> quoted text\n\n[link](https://example.com/a?b=c#d)',
  '```js\nconst total = items.reduce((sum, item) => sum + item.price, 0)\n```',
  'for (let i = 0; i < 10; i++) { console.log(i) }',
  'In SQL, the WHERE clause filters rows and the ORDER BY clause sorts them.',
  'C:\\Users is where Windows keeps profiles',
  'see ../readme.md for more',
  'price: $5.00 (was $7.50), 20% off!',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder as people write it
  '{{ user.name }} signed up for ${plan}',
  'https://www.example.com/search?q=a+b&lang=en#top',
  'https://login.example.com/authorize?redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&scope=openid%20profile',
  'mailto:someone@example.com?subject=Hello',
  'Müller, Łódź, Ελλάδα, 東京, العربية, हिन्दी',
  'wait... what?! no way... really???',
  'a && b || c',
  '1 + 1 = 2 and 2 > 1',
  '"yes" or "no"',
  "He said 'this' and 'that' are the same",
  "rock 'n' roll #1 hits -- 70s & 80s",
  'SGVsbG8gd29ybGQsIHRoaXMgaXMgYSBsb25nZXIgdGV4dA==',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  '550e8400-e29b-41d4-a716-446655440000',
  '2026-01-31T23:59:59.999+01:00',
  'javascript: the good parts',
  'Who let the dogs out; who, who?',
  'print(ed) media and alert(s) in the app',
  'the script of the play, act II <scene 3>',
  'My e-mail is a.b+c@example.co.uk, call (555) 123-4567',
  '50% of users select option B; the rest drop out',
  '(a | b) & !c',
]

const bodies: readonly (readonly [string, unknown])[] = [
  ['an order', { id: 7, items: [{ sku: 'A-1', quantity: 2, note: "gift for Sam O'Neil" }], total: 19.9, paid: false }],
  ['text with angle brackets', { comment: 'if a < b then <3 you all, x<y>z', html: '<p>Hello <b>world</b></p>' }],
  ['a query language', { filter: { price: { gt: 5, lt: 10 }, name: { contains: 'shoe' } }, sort: ['-created'] }],
  [
    'GraphQL',
    { query: 'query Orders($id: ID!) { order(id: $id) { id total items { sku } } }', variables: { id: '7' } },
  ],
  [
    'an image',
    { image: 'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRof' },
  ],
  ['JSON in a string', { payload: '{"user":{"name":"Ann","tags":["a","b"]},"ok":true}' }],
  ['JSON schema', { $schema: 'https://json-schema.org/draft/2020-12/schema', $ref: '#/definitions/a', type: 'object' }],
]

const chrome = [
  [
    'user-agent',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  ],
  ['accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
  ['accept-language', 'en-GB,en;q=0.9,de;q=0.8'],
  ['accept-encoding', 'gzip, deflate, br, zstd'],
  ['sec-ch-ua', '"Not/A)Brand";v="8", "Chromium";v="126", "Google Chrome";v="126"'],
  ['sec-ch-ua-platform', '"Windows"'],
  ['sec-ch-ua-mobile', '?0'],
  ['sec-fetch-mode', 'navigate'],
  ['upgrade-insecure-requests', '1'],
  ['referer', 'https://www.example.com/search?q=red+shoes&sort=price%3Aasc'],
] as const

const agents: readonly string[] = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'okhttp/4.12.0',
  'curl/8.5.0',
]

/** Requests of well-behaved people; written for this test. */
export const benignRequests: readonly Sample[] = [
  ...texts.map((text) => ({ name: `query: ${text}`, view: viewOf({ target: `/?q=${encodeURIComponent(text)}` }) })),
  ...texts.map((text) => ({
    name: `json: ${text}`,
    view: viewOf({
      method: 'POST',
      target: '/notes',
      headers: [['content-type', 'application/json']],
      body: JSON.stringify({ title: 'note', text }),
    }),
  })),
  ...bodies.map(([name, body]) => ({
    name: `body: ${name}`,
    view: viewOf({
      method: 'POST',
      target: '/things',
      headers: [['content-type', 'application/json']],
      body: JSON.stringify(body),
    }),
  })),
  { name: 'headers: chrome', view: viewOf({ target: '/orders?page=2', headers: chrome }) },
  ...agents.map((agent) => ({
    name: `headers: ${agent}`,
    view: viewOf({
      target: '/catalogue',
      headers: [
        ['user-agent', agent],
        ['accept', '*/*'],
      ],
    }),
  })),
  {
    name: 'headers: cookies with JSON and quotes',
    view: viewOf({
      headers: [
        [
          'cookie',
          'prefs=%7B%22theme%22%3A%22dark%22%2C%22cols%22%3A%5B1%2C2%5D%7D; sid="abc123"; _ga=GA1.2.12345.67890',
        ],
      ],
    }),
  },
]
