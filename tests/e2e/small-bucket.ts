// The least of S3 that a task needs to read its pictures: listings, heads and ranges of objects kept in memory, open to everybody.

export type SmallBucket = {
  endpoint: string
  /** Bucket and name of every object that was read. */
  reads: string[]
  stop: () => void
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const listObjects = (objects: Map<string, Uint8Array<ArrayBuffer>>, prefix: string) => {
  const rows = [...objects]
    .filter(([name]) => name.startsWith(prefix))
    .map(
      ([name, bytes]) =>
        `<Contents><Key>${escapeXml(name)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"${bytes.length}"</ETag><Size>${bytes.length}</Size></Contents>`,
    )
  const body = `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>${rows.length}</KeyCount>${rows.join('')}</ListBucketResult>`
  return new Response(body, { headers: { 'content-type': 'application/xml' } })
}

/** Serves the same objects in each of the buckets. */
export const startBuckets = (buckets: string[], objects: Map<string, Uint8Array<ArrayBuffer>>): SmallBucket => {
  const reads: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      const url = new URL(request.url)
      const [bucket = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/')
      const name = rest.join('/')
      if (!buckets.includes(bucket)) return new Response('<Error><Code>NoSuchBucket</Code></Error>', { status: 404 })
      if (!name) return listObjects(objects, url.searchParams.get('prefix') ?? '')
      const bytes = objects.get(name)
      if (!bytes) return new Response('<Error><Code>NoSuchKey</Code></Error>', { status: 404 })
      if (request.method === 'GET') reads.push(`${bucket}/${name}`)
      const headers = { etag: `"${bytes.length}"`, 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT', 'accept-ranges': 'bytes' }
      const range = /bytes=(\d+)-(\d*)/.exec(request.headers.get('range') ?? '')
      if (!range) return new Response(bytes, { headers: { ...headers, 'content-length': String(bytes.length) } })
      const [from, to] = [Number(range[1]), Math.min(range[2] ? Number(range[2]) : bytes.length - 1, bytes.length - 1)]
      return new Response(bytes.slice(from, to + 1), {
        status: 206,
        headers: { ...headers, 'content-range': `bytes ${from}-${to}/${bytes.length}` },
      })
    },
  })
  return { endpoint: `http://127.0.0.1:${server.port}`, reads, stop: () => server.stop(true) }
}
