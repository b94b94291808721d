// Runs a decoder on the graphics card.
import * as ort from 'onnxruntime-web/webgpu'
import { serveDecoder } from './serve-decoder'

serveDecoder(ort as never, 'webgpu')
