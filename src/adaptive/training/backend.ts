import { createRequire } from 'node:module'
import { messageOf } from '../../core/errors.ts'

/** TensorFlow.js as far as training needs it. */
export type Tensors = typeof import('@tensorflow/tfjs-core')

export const backendNames = ['tensorflow', 'wasm', 'cpu'] as const
export type BackendName = (typeof backendNames)[number]

export type Backend =
  | { readonly kind: 'loaded'; readonly name: BackendName; readonly tensors: Tensors }
  /** One sentence that tells an operator what to do. */
  | { readonly kind: 'none'; readonly why: string }

/** Loads a package by name: through a variable, so that the types of a package that is absent are not asked for. */
export type LoadPackage = (name: string) => Promise<unknown>

const loadInstalled: LoadPackage = (name) => import(name)

const packageOf: Readonly<Record<BackendName, string>> = {
  tensorflow: '@tensorflow/tfjs-node',
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs-backend-cpu',
}

/**
 * The fastest backend that loads: native, WebAssembly, plain JavaScript. A package that is absent or broken is no
 * fault; the next one is tried.
 */
export async function loadBackend(
  order: readonly BackendName[] = backendNames,
  load: LoadPackage = loadInstalled,
): Promise<Backend> {
  let why = ''
  for (const name of order) {
    try {
      const tensors = await open(name, load)
      return { kind: 'loaded', name, tensors }
    } catch (thrown) {
      why = (messageOf(thrown).split('\n')[0] ?? '').replace(/ imported from .*$/, '')
    }
  }
  const names = order.map((name) => packageOf[name]).join(', ')
  return {
    kind: 'none',
    why: `The self model is not trained here: TensorFlow.js does not load (${why}). Install @tensorflow/tfjs-core and one of ${names} to have it.`,
  }
}

async function open(name: BackendName, load: LoadPackage): Promise<Tensors> {
  if (name === 'tensorflow') mendUtil()
  const backend = await load(packageOf[name])
  // The native package brings a core of its own; the others add themselves to the one that is installed.
  const tensors = (name === 'tensorflow' ? backend : await load('@tensorflow/tfjs-core')) as Tensors
  if (!(await tensors.setBackend(name))) throw new Error(`the backend ${name} does not start`)
  await tensors.ready()
  return tensors
}

/** @tensorflow/tfjs-node 4.22.0 calls a function that Node 23 took out of `util`. */
function mendUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as { isNullOrUndefined?: unknown }
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
}
