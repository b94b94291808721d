// Asks the services within this process, as the person at the machine's console: no server need run, no credentials are needed.
import { sendAs } from '../server/auth/service'
import { actAsConsole } from '../server/users/service'
import { type Api, createApi } from './api'

/** `handle` answers a request as the server would. */
export const createLocalApi = (handle: (request: Request) => Response | Promise<Response>): Api =>
  createApi(
    '',
    async (path, { headers, ...init }) =>
      handle(
        sendAs(actAsConsole(), new Request(`http://localhost${path}`, { ...init, headers: { ...headers, host: 'localhost' } })),
      ),
    (api, model) => api.send('POST', '/api/models/here', model),
  )
