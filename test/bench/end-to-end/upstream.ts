/** The API behind the proxies under test, as cheap as node:http allows; stands on the load generator's core. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const answer = Buffer.from(JSON.stringify({ status: 'ok', items: [1, 2, 3], note: 'a small answer' }))
const headers = { 'content-type': 'application/json', 'content-length': answer.length }

const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
  req.resume()
  res.writeHead(200, headers)
  res.end(answer)
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
