// Runs a decoder on the processor, for machines whose browser has no WebGPU.
import * as ort from 'onnxruntime-web/wasm'
import { serveDecoder } from './serve-decoder'

serveDecoder(ort as never, 'wasm')
