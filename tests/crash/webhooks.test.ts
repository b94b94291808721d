// A delivery that was under way when the server was killed is sent after the restart.
import { afterAll, expect, test } from 'bun:test'
import { adminPassword, startServer } from '../server'

const bodies: string[] = []
let hangs = true
const arrivals: (() => void)[] = []
const receiver = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    bodies.push(await request.text())
    for (const arrived of arrivals.splice(0)) arrived()
    return hangs ? new Promise<Response>(() => {}) : new Response('thanks')
  },
})
const arrival = () => new Promise<void>((resolve) => arrivals.push(resolve))
afterAll(() => receiver.stop(true))

test('killed in the middle of a delivery', async () => {
  const server = await startServer({ ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1' })
  try {
    const call = async (method: string, path: string, body?: object) => {
      const headers = { authorization: `Basic ${btoa(`admin:${adminPassword}`)}`, 'content-type': 'application/json' }
      const response = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) })
      return response.json()
    }
    const project = await call('POST', '/api/projects', { name: 'first' })
    const hook = await call('POST', '/api/webhooks', {
      target_url: `http://127.0.0.1:${receiver.port}/`,
      type: 'project',
      project_id: project.id,
      events: ['update:project'],
    })
    const begun = arrival()
    await call('PATCH', `/api/projects/${project.id}`, { name: 'second' })
    await begun
    await server.kill()
    hangs = false
    const again = arrival()
    await server.restart()
    await again
    const deliveries = async () => (await call('GET', `/api/webhooks/${hook.id}/deliveries`)).results
    while (!(await deliveries()).length) await Bun.sleep(10)
    expect(await deliveries()).toMatchObject([{ event: 'update:project', status_code: 200, response: 'thanks', attempt: 1 }])
    expect(bodies).toHaveLength(2)
    expect(bodies[1]).toBe(bodies[0]!)
    expect(JSON.parse(bodies[1]!)).toMatchObject({ before_update: { name: 'first' }, project: { name: 'second' } })
  } finally {
    await server.remove()
  }
})
