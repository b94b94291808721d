// What the test of decoders runs in the page.
import { encodeMask } from '../../src/formats/geometry/mask'
import { createDecoder, readEmbedding } from '../../src/web/models/decoder'

;(globalThis as any).decoding = { createDecoder, readEmbedding, encodeMask }
