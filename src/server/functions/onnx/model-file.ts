// What an ONNX file says about itself: inputs, outputs, operator sets and notes of its makers. Weights are passed over, not read.
// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { ModelError } from './model-error'
import { type Field, openWire, type Wire } from './wire'

/** `float32`, `int64` …; sizes that are free carry their name, or ''. */
export type ValueInfo = { name: string; type: string; shape: (number | string)[] }
export type ModelFile = {
  irVersion: number
  producer: string
  modelVersion: number
  about: string
  opsets: Record<string, number>
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  /** metadata_props. */
  notes: Record<string, string>
  /** Names of files beside the model that hold its weights. */
  externalFiles: string[]
}

const types = [
  '',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
]

/** Calls the reader of each field that has one. */
const readMessage = async (
  wire: Wire,
  { at, end }: { at: number; end: number },
  readers: Record<number, (field: Field) => unknown>,
) => {
  for await (const field of wire.fields(at, end)) await readers[field.number]?.(field)
}

const readPair = async (wire: Wire, pair: Field): Promise<[string, string]> => {
  let [key, value] = ['', '']
  await readMessage(wire, pair, {
    1: async (field) => {
      key = await wire.text(field)
    },
    2: async (field) => {
      value = await wire.text(field)
    },
  })
  return [key, value]
}

const readSize = async (wire: Wire, dimension: Field): Promise<number | string> => {
  let size: number | string = ''
  await readMessage(wire, dimension, {
    1: ({ value }) => {
      size = Number(BigInt.asIntN(64, value))
    },
    2: async (field) => {
      size = await wire.text(field)
    },
  })
  return size
}

const readValueInfo = async (wire: Wire, info: Field): Promise<ValueInfo> => {
  const found: ValueInfo = { name: '', type: 'not a tensor', shape: [] }
  const readShape = (shape: Field) =>
    readMessage(wire, shape, {
      1: async (dimension) => {
        found.shape.push(await readSize(wire, dimension))
        if (found.shape.length > 16) throw new ModelError(`gives ${found.name} more than 16 dimensions`)
      },
    })
  const readTensor = (tensor: Field) =>
    readMessage(wire, tensor, {
      1: ({ value }) => {
        found.type = types[Number(value)] || `type ${value}`
      },
      2: readShape,
    })
  await readMessage(wire, info, {
    1: async (field) => {
      found.name = await wire.text(field)
    },
    2: (type) => readMessage(wire, type, { 1: readTensor }),
  })
  return found
}

/** The name of a tensor of weights, and the file it lies in when that is another one. */
const readWeights = async (wire: Wire, tensor: Field): Promise<{ name: string; file: string }> => {
  const found = { name: '', file: '' }
  await readMessage(wire, tensor, {
    8: async (field) => {
      found.name = await wire.text(field)
    },
    13: async (field) => {
      const [key, value] = await readPair(wire, field)
      if (key === 'location') found.file = value
    },
  })
  return found
}

const readGraph = async (wire: Wire, graph: Field, model: ModelFile) => {
  const weights = new Set<string>()
  const files = new Set<string>()
  const addInfo = (list: ValueInfo[]) => async (field: Field) => {
    list.push(await readValueInfo(wire, field))
    if (list.length > 1000) throw new ModelError('has more than 1000 inputs or outputs')
  }
  await readMessage(wire, graph, {
    5: async (field) => {
      const { name, file } = await readWeights(wire, field)
      weights.add(name)
      if (file) files.add(file)
    },
    11: addInfo(model.inputs),
    12: addInfo(model.outputs),
  })
  // Old files list weights among the inputs, too.
  model.inputs = model.inputs.filter(({ name }) => !weights.has(name))
  model.externalFiles = [...files]
}

const readModel = async (file: FileHandle): Promise<ModelFile> => {
  const wire = await openWire(file)
  if (!wire.size) throw new ModelError('is empty')
  const model: ModelFile = {
    irVersion: 0,
    producer: '',
    modelVersion: 0,
    about: '',
    opsets: {},
    inputs: [],
    outputs: [],
    notes: {},
    externalFiles: [],
  }
  let hasGraph = false
  const readOpset = async (opset: Field) => {
    let [domain, version] = ['', 0]
    await readMessage(wire, opset, {
      1: async (field) => {
        domain = await wire.text(field)
      },
      2: ({ value }) => {
        version = Number(value)
      },
    })
    model.opsets[domain || 'ai.onnx'] = version
  }
  await readMessage(
    wire,
    { at: 0, end: wire.size },
    {
      1: ({ value }) => {
        model.irVersion = Number(value)
      },
      2: async (field) => {
        model.producer = await wire.text(field)
      },
      5: ({ value }) => {
        model.modelVersion = Number(BigInt.asIntN(64, value))
      },
      6: async (field) => {
        model.about = await wire.text(field)
      },
      7: async (graph) => {
        if (graph.kind !== 2) throw new ModelError('is no ONNX model')
        hasGraph = true
        await readGraph(wire, graph, model)
      },
      8: readOpset,
      14: async (field) => {
        const [key, value] = await readPair(wire, field)
        Object.defineProperty(model.notes, key, { value, enumerable: true, configurable: true, writable: true })
      },
    },
  )
  if (!hasGraph || !model.irVersion) throw new ModelError('is no ONNX model')
  if (!model.inputs.length || !model.outputs.length) throw new ModelError('has no inputs or no outputs')
  const outside = model.externalFiles.find((name) => !/^[\w][\w. -]*$/.test(name))
  if (outside !== undefined) throw new ModelError(`keeps weights in "${outside}", which is no file beside it`)
  return model
}

/** Throws ModelError, which names the file, when it is gone, no ONNX model, or cut off. */
export const readModelFile = async (path: string, name = basename(path)): Promise<ModelFile> => {
  const file = await open(path, 'r').catch((error) => {
    throw new ModelError(`${name} ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`}`)
  })
  try {
    return await readModel(file)
  } catch (error) {
    throw error instanceof ModelError ? new ModelError(`${name} ${error.message}`) : error
  } finally {
    await file.close()
  }
}
