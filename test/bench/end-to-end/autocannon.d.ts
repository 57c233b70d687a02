/** The part of autocannon that the load generator uses; the package brings no types of its own. */
declare module 'autocannon' {
  export type Options = {
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
  export type Result = {
    readonly '2xx': number
    readonly non2xx: number
    readonly errors: number
    readonly duration: number
    readonly latency: { readonly p99: number }
  }
  // biome-ignore lint/style/noDefaultExport: this is how the package exports it
  export default function autocannon(options: Options): Promise<Result>
}
