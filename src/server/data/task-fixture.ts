// For tests: tasks made of files through the API, and archives, documents and point clouds to make them of.
import { zipSync } from 'fflate'
import { app, createPerson, origin, type Person, password } from '../../../tests/api'
import { runRequest } from '../requests/service'
import { ingestTask } from './service'

export type Bytes = Uint8Array<ArrayBuffer>
export type NamedBytes = [name: string, bytes: Uint8Array]

/** A 24-bit BMP; `color` is 0xrrggbb or a function of the place. */
export const paintBmp = (width: number, height: number, color: number | ((x: number, y: number) => number)): Bytes => {
  const stride = (width * 3 + 3) & ~3
  const bmp = Buffer.alloc(54 + stride * height)
  bmp.write('BM')
  bmp.writeUInt32LE(bmp.length, 2)
  bmp.writeUInt32LE(54, 10)
  bmp.writeUInt32LE(40, 14)
  bmp.writeInt32LE(width, 18)
  bmp.writeInt32LE(height, 22)
  bmp.writeUInt16LE(1, 26)
  bmp.writeUInt16LE(24, 28)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      bmp.writeUIntLE(typeof color === 'number' ? color : color(x, y), 54 + (height - 1 - y) * stride + x * 3, 3)
  return new Uint8Array(bmp)
}
export const paint = async (format: 'jpeg' | 'png', color = 0x3366ff, width = 64, height = 48): Promise<Bytes> =>
  new Uint8Array(await new Bun.Image(paintBmp(width, height, color))[format]().bytes())

export const zipOf = (files: NamedBytes[]): Bytes => new Uint8Array(zipSync(Object.fromEntries(files), { level: 0 }))

type TarFile = { name: string; bytes?: Uint8Array; type?: string; link?: string }
/** A ustar archive, built field by field. */
export const tarOf = (files: TarFile[]): Bytes => {
  const blocks: Buffer[] = []
  for (const { name, bytes = new Uint8Array(0), type = '0', link = '' } of files) {
    const head = Buffer.alloc(512)
    head.write(name, 0, 100)
    head.write('0000644\0', 100)
    head.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
    head.write('        ', 148)
    head.write(type, 156)
    head.write(link, 157, 100)
    head.write('ustar\0', 257)
    head.write('00', 263)
    const sum = head.reduce((total, byte) => total + byte, 0)
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    blocks.push(head, Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512))
  }
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

/** Pages with a black square in their lower left quarter; sizes in points. */
export const pdfOf = (pages: [width: number, height: number][]): Bytes => {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${3 + 2 * i} 0 R`).join(' ')}] >>`,
    ...pages.flatMap(([width, height], i) => {
      const draw = `0 0 0 rg 0 0 ${width / 2} ${height / 2} re f`
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${4 + 2 * i} 0 R >>`,
        `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`,
      ]
    }),
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((body, i) => {
    const at = text.length
    text += `${i + 1} 0 obj\n${body}\nendobj\n`
    return at
  })
  const xref = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const offset of offsets) text += `${String(offset).padStart(10, '0')} 00000 n \n`
  return new TextEncoder().encode(`${text}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`)
}

/** A TIFF of grey pages with 16 bits, each of one value; `orientation` is that of EXIF. */
export const tiffOf = (width: number, height: number, values: number[], orientation = 1): Bytes => {
  const stripBytes = width * height * 2
  const tags = 10
  const pageBytes = 2 + tags * 12 + 4 + stripBytes
  const bytes = Buffer.alloc(8 + values.length * pageBytes)
  bytes.write('II*\0', 'latin1')
  bytes.writeUInt32LE(8, 4)
  for (const [page, value] of values.entries()) {
    const start = 8 + page * pageBytes
    const strip = start + 2 + tags * 12 + 4
    const entries = [
      [256, 4, width],
      [257, 4, height],
      [258, 3, 16],
      [259, 3, 1],
      [262, 3, 1],
      [273, 4, strip],
      [274, 3, orientation],
      [277, 3, 1],
      [278, 4, height],
      [279, 4, stripBytes],
    ] as const
    bytes.writeUInt16LE(tags, start)
    for (const [i, [tag, type, content]] of entries.entries()) {
      bytes.writeUInt16LE(tag, start + 2 + i * 12)
      bytes.writeUInt16LE(type, start + 4 + i * 12)
      bytes.writeUInt32LE(1, start + 6 + i * 12)
      bytes.writeUInt32LE(content, start + 10 + i * 12)
    }
    bytes.writeUInt32LE(page + 1 < values.length ? start + pageBytes : 0, strip - 4)
    for (let i = 0; i < width * height; i++) bytes.writeUInt16LE(value, strip + 2 * i)
  }
  return new Uint8Array(bytes)
}

/** Points of x, y, z and intensity. */
export const kittiOf = (points: number[][]): Bytes => new Uint8Array(Float32Array.from(points.flat()).buffer)
export const pcdOf = (points: number[][], more = ''): Bytes =>
  new TextEncoder().encode(
    [
      ...['# .PCD v0.7', 'VERSION 0.7', 'FIELDS x y z', 'SIZE 4 4 4', 'TYPE F F F', 'COUNT 1 1 1'],
      ...[`WIDTH ${points.length}`, 'HEIGHT 1', 'VIEWPOINT 0 0 0 1 0 0 0', `POINTS ${points.length}`, `DATA ascii${more}`],
      ...points.map((point) => point.join(' ')),
      '',
    ].join('\n'),
  )

let owner: Promise<Person> | undefined
export const getOwner = (): Promise<Person> => (owner ??= createPerson())

export const createTask = async (more: object = {}): Promise<number> =>
  (await (await getOwner()).call('POST', '/api/tasks', { body: { name: 'media', labels: [{ name: 'car' }], ...more } })).json.id

/** Sends the files with a form, written by hand: names go out as they are, as the Python client sends them. */
export const sendFiles = async (task: number, files: NamedBytes[], fields: Record<string, string> = {}) => {
  const boundary = 'b0undary'
  const parts: Uint8Array[] = []
  const text = (part: string) => parts.push(new TextEncoder().encode(part))
  for (const [name, value] of Object.entries({ image_quality: '70', ...fields }))
    text(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  for (const [i, [name, bytes]] of files.entries()) {
    text(`--${boundary}\r\nContent-Disposition: form-data; name="client_files[${i}]"; filename="${name}"\r\n\r\n`)
    parts.push(bytes)
    text('\r\n')
  }
  text(`--${boundary}--\r\n`)
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return (await getOwner()).call('POST', `/api/tasks/${task}/data`, { body: new Uint8Array(Buffer.concat(parts)), headers })
}

export type Outcome = { status: string; message: string }

/** Sends the files and does the work here instead of in a worker; how it ended. */
export const attach = async (task: number, files: NamedBytes[], fields: Record<string, string> = {}): Promise<Outcome> => {
  const answer = await sendFiles(task, files, fields)
  if (answer.status !== 202) return { status: `refused ${answer.status}`, message: answer.text }
  const id = answer.json.rq_id as string
  await runRequest(id, ingestTask)
  const { status, message } = (await (await getOwner()).call('GET', `/api/requests/${encodeURIComponent(id)}`)).json
  return { status, message }
}

/** A task of these files; throws when they are not taken. */
export const taskOf = async (files: NamedBytes[], fields: Record<string, string> = {}, more: object = {}): Promise<number> => {
  const task = await createTask(more)
  const { status, message } = await attach(task, files, fields)
  if (status !== 'finished') throw new Error(`${status}: ${message}`)
  return task
}

export const get = async (path: string) => (await getOwner()).call('GET', path)
export const getMeta = async (task: number) => (await get(`/api/tasks/${task}/data/meta`)).json
export const namesOf = async (task: number): Promise<string[]> =>
  (await getMeta(task)).frames.map(({ name }: { name: string }) => name)

export const getBytes = async (path: string, headers: Record<string, string> = {}) => {
  const authorization = `Basic ${btoa(`${(await getOwner()).username}:${password}`)}`
  const response = await app.handle(new Request(origin + path, { headers: { host: 'localhost', authorization, ...headers } }))
  return { status: response.status, headers: response.headers, bytes: await response.bytes() }
}
