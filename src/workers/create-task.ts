// Turns the uploaded files of a task into its frames.
import { ingestTask } from '../server/data/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const createTask: Handler<'create-task'> = ({ payload }) => runRequest(payload.requestId, ingestTask)
