// Says by its exit code whether the gateway in this container is alive. Asks the admin listener, which is on loopback.
const url = process.env.THYMUS_HEALTH_URL ?? 'http://127.0.0.1:9090/healthz'

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000), redirect: 'error' })
  process.exitCode = answer.ok ? 0 : 1
} catch (error) {
  console.error(`${url}: ${error.cause?.message ?? error.message}`)
  process.exitCode = 1
}
