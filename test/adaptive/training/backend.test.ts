import { describe, expect, it } from '@jest/globals'
import { loadBackend } from '../../../src/adaptive/training/backend.ts'

const absent = (name: string) =>
  Promise.reject(new Error(`Cannot find package '${name}' imported from /somewhere/x.js`))

describe('the choice of a backend', () => {
  it('takes WebAssembly or plain JavaScript where the native one is absent', async () => {
    const backend = await loadBackend()
    expect(backend).toMatchObject({ kind: 'loaded' })
    const plain = await loadBackend(['cpu'])
    expect(plain).toMatchObject({ kind: 'loaded', name: 'cpu' })
  })

  it('goes on to the next one when a package is broken in whatever way', async () => {
    const tried: string[] = []
    const backend = await loadBackend(['tensorflow', 'wasm', 'cpu'], (name) => {
      tried.push(name)
      if (name === '@tensorflow/tfjs-node') return Promise.reject('a text and no error')
      if (name === '@tensorflow/tfjs-backend-wasm') return Promise.resolve({})
      return import(name)
    })
    expect(tried.slice(0, 2)).toEqual(['@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'])
    expect(backend.kind).toBe('loaded')
  })

  it('says in one sentence what is missing when nothing loads', async () => {
    expect(await loadBackend(undefined, absent)).toEqual({
      kind: 'none',
      why:
        "The self model is not trained here: TensorFlow.js does not load (Cannot find package '@tensorflow/tfjs-backend-cpu'). " +
        'Install @tensorflow/tfjs-core and one of @tensorflow/tfjs-node, @tensorflow/tfjs-backend-wasm, @tensorflow/tfjs-backend-cpu to have it.',
    })
  })
})
