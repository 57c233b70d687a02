/** Sends one load for a while, as often as it is told to, and reports what came back. */
import autocannon from 'autocannon'
import { type LoadName, makeLoad } from './loads.ts'

type Order = { readonly port: number; readonly load: LoadName; readonly seconds: number }

const connections = 64
const variety = 500

process.on('message', (message) => {
  const { port, load, seconds } = message as Order
  const instance = autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    requests: makeLoad(load, variety, 11).map(({ method, path, headers, body }) => ({
      method,
      path,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    })),
  })
  instance.then((result) => {
    const answered = result['2xx']
    process.send?.({
      answered,
      other: result.non2xx + result.errors,
      seconds: result.duration,
      p99Ms: result.latency.p99,
    })
  })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: 0 })
