/** The part of autocannon that the load generator uses; the package brings no types of its own. */
declare module 'autocannon' {
  function autocannon(options: autocannon.Options): Promise<autocannon.Result>
  namespace autocannon {
    type Options = {
      readonly url: string
      readonly connections: number
      readonly duration: number
      readonly requests: readonly {
        readonly method: string
        readonly path: string
        readonly headers: Record<string, string>
        readonly body?: string
      }[]
    }
    type Result = {
      readonly '2xx': number
      readonly non2xx: number
      readonly errors: number
      readonly duration: number
      readonly latency: { readonly p99: number }
    }
  }
  export = autocannon
}
