// How a task is to be validated, as clients send it with its media: reads and checks `validation_params`.
import { ApiError } from '../http/errors'
import { type SelectionMethod, selectionMethods } from '../jobs/service'
import { type ValidationMode, validationModes } from '../tasks/schema'

/** Plain data: it is part of a chore's payload. Shares are 0…1; counts and shares exclude each other. */
export type ValidationParams = {
  mode: ValidationMode
  method: SelectionMethod
  frameCount?: number | undefined
  frameShare?: number | undefined
  framesPerJobCount?: number | undefined
  framesPerJobShare?: number | undefined
  randomSeed?: number | undefined
  /** Names of the pictures; only of the method `manual`. */
  frames?: string[] | undefined
}

type Input = Record<string, unknown>

/** 400 about one field inside `validation_params`. */
const fail = (field: string, text: string): never => {
  throw new ApiError(400, { validation_params: { [field]: [text] } })
}

const isAbsent = (value: unknown) => value === undefined || value === null

const readChoice = <T extends string>(input: Input, field: string, choices: readonly T[]): T => {
  if (isAbsent(input[field])) return fail(field, 'This field is required.')
  return choices.find((one) => one === input[field]) ?? fail(field, `"${input[field]}" is not a valid choice.`)
}

const readCount = (input: Input, field: string, min: number): number | undefined => {
  if (isAbsent(input[field])) return undefined
  const value = Number(input[field])
  if (!Number.isSafeInteger(value) || input[field] === '') return fail(field, 'A valid integer is required.')
  return value < min ? fail(field, `Ensure this value is greater than or equal to ${min}.`) : value
}

const readShare = (input: Input, field: string): number | undefined => {
  if (isAbsent(input[field])) return undefined
  const value = Number(input[field])
  return value > 0 && value <= 1 ? value : fail(field, 'Value must be above 0 and up to 1.')
}

const readNames = (input: Input): string[] | undefined => {
  const names = input.frames
  if (isAbsent(names)) return undefined
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string'))
    return fail('frames', 'A list of file names is expected.')
  if (!names.length) return undefined
  if (new Set(names).size !== names.length) return fail('frames', 'Frames must not repeat.')
  return names
}

const requireOne = (input: Input, count: string, share: string) => {
  const given = [count, share].filter((field) => !isAbsent(input[field])).length
  if (given === 0) fail(count, `One of the fields "${count}", "${share}" is required.`)
  if (given === 2) fail(count, `Only 1 of the fields "${count}", "${share}" can be used.`)
}

const methodsOf: Record<ValidationMode, readonly SelectionMethod[]> = {
  gt: selectionMethods,
  gt_pool: ['random_uniform', 'manual'],
}

/** The body of a data request; honeypots need random order and jobs of equal size. */
type Body = { validation_params?: unknown; sorting_method?: unknown; job_file_mapping?: unknown }

const checkHoneypots = ({ sorting_method, job_file_mapping }: Body) => {
  if (sorting_method !== 'random') fail('mode', 'Validation mode "gt_pool" can only be used with "random" sorting.')
  if (Array.isArray(job_file_mapping) && job_file_mapping.length)
    fail('mode', 'Validation mode "gt_pool" cannot be used with "job_file_mapping".')
}

/** Null when the task is not to be validated. Throws 400 naming the field inside `validation_params`. */
export const readValidationParams = (body: Body): ValidationParams | null => {
  const value = body.validation_params
  if (isAbsent(value) || value === '') return null
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ApiError(400, { validation_params: ['Invalid data. Expected a dictionary.'] })
  const input = value as Input
  if (!Object.keys(input).length) return null
  const mode = readChoice(input, 'mode', validationModes)
  const method = readChoice(input, 'frame_selection_method', selectionMethods)
  if (!methodsOf[mode].includes(method))
    fail('frame_selection_method', `The "frame_selection_method" field must be one of ${methodsOf[mode].join(', ')}.`)
  if (mode === 'gt_pool' || method === 'random_per_job') requireOne(input, 'frames_per_job_count', 'frames_per_job_share')
  if (method === 'random_uniform') requireOne(input, 'frame_count', 'frame_share')
  const frames = readNames(input)
  if (method === 'manual' && !frames) fail('frames', 'The "frames" field is required.')
  if (method !== 'manual' && frames) fail('frames', '"frames" can only be used when "frame_selection_method" is "manual".')
  if (mode === 'gt_pool') checkHoneypots(body)
  return {
    mode,
    method,
    frameCount: readCount(input, 'frame_count', 1),
    frameShare: readShare(input, 'frame_share'),
    framesPerJobCount: readCount(input, 'frames_per_job_count', 1),
    framesPerJobShare: readShare(input, 'frames_per_job_share'),
    randomSeed: readCount(input, 'random_seed', 0),
    frames,
  }
}
