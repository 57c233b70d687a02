// The demo's shop API on its own, as something to protect. Ends on SIGTERM.
import { createDemoApi } from '../dist/demo/api.js'

const server = createDemoApi().listen(Number(process.env.PORT ?? 3000), '0.0.0.0')
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close()
    server.closeAllConnections()
  })
}
