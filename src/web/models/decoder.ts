// Decoders of interactors in the browser: a click is answered without asking the server. Loaded with the first picture that is looked at.
import type { Prompt } from '../../formats/geometry/prompted-masks'
import type { Decoded, FromWorker, LookedAt, ToWorker } from './protocol'

export type { Prompt } from '../../formats/geometry/prompted-masks'
export type { Decoded, LookedAt } from './protocol'
export { type Embedding, readEmbedding } from './read-embedding'

export type Decoder = {
  /** The mask for a prompt in pixels of what was embedded. Rejects with what the decoder says. */
  decode: (embedding: LookedAt, prompt: Prompt) => Promise<Decoded>
  runsOn: 'webgpu' | 'wasm'
  close: () => void
}
/** Where worker and runtime lie; the default is right unless the page knows addresses with hashes. */
export type DecoderAssets = { address?: (name: string) => string /** Tried in this order. */; providers?: Decoder['runsOn'][] }

/** The runtime comes compressed: it is large, and the server sends it as it lies there. */
const scripts = {
  wasm: { worker: 'decoder.worker.js', runtime: 'vendor/ort-wasm-simd-threaded.wasm.gz' },
  webgpu: { worker: 'decoder-gpu.worker.js', runtime: 'vendor/ort-wasm-simd-threaded.asyncify.wasm.gz' },
} as const

const load = async (url: string): Promise<Response> => {
  const response = await fetch(url)
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`)
  return response
}
const loadPacked = async (url: string): Promise<ArrayBuffer> =>
  new Response((await load(url)).body!.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()

type Message = ToWorker extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never
type Waiting = { resolve: (value: Decoded | null) => void; reject: (error: Error) => void }

const openWorker = (url: string) => {
  const worker = new Worker(url, { type: 'module' })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  const close = (reason: string) => {
    worker.terminate()
    for (const { reject } of waiting.values()) reject(new Error(reason))
    waiting.clear()
  }
  worker.onerror = (event) => close(event.message || 'The decoder could not be loaded')
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if ('problem' in data) asked?.reject(new Error(data.problem))
    else asked?.resolve(data.value)
  }
  const ask = (message: Message, moved: Transferable[] = []) =>
    new Promise<Decoded | null>((resolve, reject) => {
      const id = ++lastId
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...message, id }, moved)
    })
  return { ask, close }
}

const hasGraphics = async (): Promise<boolean> => {
  const { gpu } = navigator as { gpu?: { requestAdapter: () => Promise<unknown> } }
  return Boolean(await gpu?.requestAdapter().catch(() => null))
}

/**
 * Loads a decoder: runtime, worker and model. On the graphics card when there is one that can, else on the processor.
 * @param url address of the decoder's ONNX file
 */
export const createDecoder = async (
  url: string,
  { address = (name) => `/assets/${name}`, providers }: DecoderAssets = {},
): Promise<Decoder> => {
  const model = await (await load(url)).arrayBuffer()
  const order = providers ?? ((await hasGraphics()) ? (['webgpu', 'wasm'] as const) : (['wasm'] as const))
  const problems: string[] = []
  for (const runsOn of order) {
    const worker = openWorker(address(scripts[runsOn].worker))
    try {
      const runtime = await loadPacked(address(scripts[runsOn].runtime))
      await worker.ask({ do: 'open', runtime, model: model.slice(0) }, [runtime])
    } catch (error) {
      problems.push(`${runsOn}: ${(error as Error).message}`)
      worker.close('The decoder could not be loaded')
      continue
    }
    let looked: LookedAt | undefined
    const decode = async (embedding: LookedAt, prompt: Prompt): Promise<Decoded> => {
      if (looked !== embedding) {
        looked = embedding
        const { tensors, facts } = embedding
        worker.ask({ do: 'look', at: { tensors, facts } }).catch(() => {
          looked = undefined
        })
      }
      return (await worker.ask({ do: 'decode', prompt }))!
    }
    return { decode, runsOn, close: () => worker.close('The decoder was closed') }
  }
  throw new Error(`The decoder cannot run in this browser (${problems.join('; ')})`)
}
