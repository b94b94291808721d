// One loaded model: what it is asked, and what it answers. Runs where inference may take its time, never in the server's own thread.
import { readPixels } from '../../media/read-pixels'
import type { Answers, Box, GivenShape, Point, Tensor } from '../contract'
import { decodeBoxes } from './families/boxes'
import { decodeClasses } from './families/classify'
import { answerPrompt, type Embedding, embedPicture, measureEmbedding } from './families/sam'
import { decodeSegments } from './families/segment'
import { followObject, startTracking } from './families/tracker'
import { type Decode, decodeDetections, decodeMasks, decodePoses, decodeTurned } from './families/yolo'
import { fitPicture } from './fit'
import { fillInput, shapeInput } from './pixels'
import { openSession, type RawTensor, type Session, toFeed, toNumbers } from './sessions'
import type { Family, ModelSpec } from './spec'

/** A model to load: plain data. `key` changes with its files. */
export type ModelRef = {
  key: string
  name: string
  files: { main: string } | { encoder: string; decoder: string }
  spec: ModelSpec
}

/** `bytes` of the picture are left out when the model may remember what it saw under that key. */
export type Picture = { key: string; bytes?: Uint8Array }
export type Ask =
  | { do: 'load' }
  | { do: 'detect'; picture: Picture; threshold: number | null }
  | { do: 'interact'; picture: Picture; positive: Point[]; negative: Point[]; box: Box | null }
  | { do: 'embed'; picture: Picture }
  | { do: 'start-tracking'; picture: Picture; shapes: GivenShape[] }
  | { do: 'track'; picture: Picture; states: unknown[] }
export type Answer = { value: Answers[keyof Answers] | null } | { needs: 'picture' }

const decoders: Partial<Record<Family, Decode>> = {
  'yolo-detect': decodeDetections,
  'yolo-segment': decodeMasks,
  'yolo-pose': decodePoses,
  'yolo-obb': decodeTurned,
  boxes: decodeBoxes,
  classify: decodeClasses,
  segment: decodeSegments,
}

const mostEmbeddings = 32
const mostEmbeddingBytes = 256 << 20

/** Embeddings of the pictures that were asked for last. */
const rememberEmbeddings = () => {
  const known = new Map<string, Embedding>()
  const total = () => [...known.values()].reduce((sum, embedding) => sum + measureEmbedding(embedding), 0)
  return {
    get: (key: string) => {
      const found = known.get(key)
      if (found) {
        known.delete(key)
        known.set(key, found)
      }
      return found
    },
    set: (key: string, embedding: Embedding) => {
      known.set(key, embedding)
      while (known.size > 1 && (known.size > mostEmbeddings || total() > mostEmbeddingBytes))
        known.delete(known.keys().next().value!)
    },
  }
}

const toTensor = ({ type, dims, data }: RawTensor): Tensor => {
  const { buffer, byteOffset, byteLength } = data as Float32Array
  return { type: type as Tensor['type'], dims: [...dims], data: new Uint8Array(buffer, byteOffset, byteLength) }
}

export type OpenModel = { ask: (ask: Ask) => Promise<Answer>; close: () => Promise<void> }

/** Loads a model. Throws ModelError when its file is refused by the runtime. */
export const openModel = async ({ name, files, spec }: ModelRef, threads: number): Promise<OpenModel> => {
  const sessions: Session[] = []
  const open = async (path: string) => {
    const session = await openSession(path, name, threads)
    sessions.push(session)
    return session
  }
  const main = await open('main' in files ? files.main : files.encoder)
  let decoder: Session | undefined
  const embeddings = rememberEmbeddings()

  const embed = async ({ key, bytes }: Picture) => {
    const found = embeddings.get(key)
    if (found || !bytes) return found
    const embedding = await embedPicture(main, spec, await readPixels(bytes))
    embeddings.set(key, embedding)
    return embedding
  }
  const detect = async (bytes: Uint8Array, threshold: number | null) => {
    const pixels = await readPixels(bytes)
    const { input } = spec
    const fit = fitPicture(pixels, input, input.fit)
    const answered = await main.run({
      [input.name]: toFeed(input, { dims: shapeInput(input), data: fillInput(pixels, fit, input) }),
    })
    const outputs = Object.entries(answered).map(([output, raw]) => [output, toNumbers(output, raw)])
    const { width, height } = pixels
    return decoders[spec.family]!(Object.fromEntries(outputs), spec, {
      picture: { width, height },
      fit,
      threshold: threshold ?? spec.threshold,
    })
  }
  const answer = async (ask: Exclude<Ask, { do: 'load' }>): Promise<Answer> => {
    if (ask.do === 'interact' || ask.do === 'embed') {
      const embedding = await embed(ask.picture)
      if (!embedding) return { needs: 'picture' }
      if (ask.do === 'embed') {
        const tensors = Object.entries(embedding.tensors).map(([key, tensor]) => [key, toTensor(tensor)])
        return { value: { tensors: Object.fromEntries(tensors), facts: embedding.facts } }
      }
      if (!('decoder' in files)) return { value: null }
      decoder ??= await open(files.decoder)
      return { value: await answerPrompt(decoder, spec, embedding, ask) }
    }
    const { bytes } = ask.picture
    if (!bytes) return { needs: 'picture' }
    if (ask.do === 'detect') return { value: await detect(bytes, ask.threshold) }
    const pixels = await readPixels(bytes)
    if (ask.do === 'start-tracking') return { value: { states: startTracking(spec, pixels, ask.shapes) } }
    const followed = []
    for (const state of ask.states) followed.push(await followObject(main, spec, pixels, state))
    return { value: { states: followed.map(({ state }) => state), shapes: followed.map(({ shape }) => shape) } }
  }
  return {
    ask: async (ask) => {
      if (ask.do !== 'load') return answer(ask)
      if ('decoder' in files) decoder ??= await open(files.decoder)
      return { value: null }
    },
    close: async () => {
      await Promise.all(sessions.map((session) => session.close()))
    },
  }
}
