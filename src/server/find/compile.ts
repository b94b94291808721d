// Turns the tree of a query into a condition on one kind of objects.

import { eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { t } from '../../web/ui/i18n/message'
import { shapes } from '../annotations/schema'
import { attributeKey, attributeStart } from '../annotations/service'
import { consensusVotes } from '../consensus/schema'
import { frames } from '../data/schema'
import { asNumber, attributeValue, holds, numberValue, timeValue } from '../db/dialect'
import { jobs } from '../jobs/schema'
import { labels } from '../labels/schema'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { all, any, type Condition, negate } from './conditions'
import { type FieldInfo, type FieldName, fields, findField } from './fields'
import { type Node, QueryProblem, type Term, type Word } from './parse-query'
import { countFits, jobFits, type Place, pictureFits } from './places'
import { fits, readChoices, readComparisons, readFlag, readTimes, toLike } from './read-values'
import type { Source } from './sources'
import { attributeName, maxSpecs, type Spec, type Vocabulary } from './vocabulary'

export type Environment = { username: string; place: Place; visible: SQL; vocabulary: Vocabulary }

const isLike = (column: AnyPgColumn, word: Word): SQL => sql`lower(${column}) like ${toLike(word)} escape '\\'`
const compareNumbers = (column: AnyPgColumn | SQL, term: Term, word: Word): SQL =>
  sql.join(
    readComparisons(term, word).map(({ sign, value }) => sql`${column} ${sql.raw(sign)} ${numberValue(value)}`),
    sql` and `,
  )
const compareTimes = (column: AnyPgColumn, term: Term, word: Word): SQL =>
  sql.join(
    readTimes(term, word).map(({ sign, value }) => sql`${column} ${sql.raw(sign)} ${timeValue(value)}`),
    sql` and `,
  )
/** Ids are whole numbers that the database gave. */
const isOneOf = (column: AnyPgColumn, ids: number[]): Condition => ids.length > 0 && sql`+${column} in (${sql.raw(ids.join())})`

const anywhere = (word: Word): Word => ({ ...word, text: `*${word.text.replace(/[*?]/g, '')}*`, isQuoted: false })

type Context = { source: Source; env: Environment; term: Term }
type Compiler = (word: Word, context: Context) => Condition

const compileLabel: Compiler = (word, { source, env }) => {
  if (!source.labelId) return false
  const own = env.vocabulary.labels
  if (own)
    return isOneOf(
      source.labelId,
      own.flatMap(({ id, name }) => (fits(word, name) ? [id] : [])),
    )
  return sql`+${source.labelId} in (select ${labels.id} from ${labels} where ${isLike(labels.name as any, word)})`
}

const compileName: Compiler = (word, { source, env }) => {
  const films = env.vocabulary.videos.flatMap(({ taskId, name }) => (fits(word, name) ? [taskId] : []))
  return any([
    pictureFits(source, env.place, isLike(frames.name as any, word)),
    films.length > 0 && jobFits(source.jobId, sql`${jobs.taskId} in (${sql.raw(films.join())})`),
  ])
}

const valuesOf = (name: FieldName) => (fields as readonly FieldInfo[]).find((field) => field.name === name)!.values!
const typeValues = valuesOf('type')

const storedAs: Record<string, Source['kind']> = { shape: 'shapes', track: 'tracks', tag: 'tags' }
const compileType: Compiler = (word, { source }) =>
  any(
    readChoices(word, 'type', typeValues).map((value) =>
      storedAs[value] ? source.kind === storedAs[value] : source.body ? eq(source.body.type, value) : false,
    ),
  )

const ofBody =
  (name: 'width' | 'height' | 'area' | 'rotation' | 'zOrder'): Compiler =>
  (word, { source, term }) => {
    const compared = source.body ? compareNumbers(source.body[name], term, word) : undefined
    // Reading the value tells what is wrong with it, also where there is nothing to compare.
    if (!compared) readComparisons(term, word)
    return compared ?? false
  }
const ofSource =
  (name: 'id' | 'group' | 'score' | 'frame'): Compiler =>
  (word, { source, term }) => {
    const column = source[name]
    if (!column) readComparisons(term, word)
    return column ? compareNumbers(column, term, word) : false
  }
/** Only what a merge of replicas made has votes. */
const compileVotes: Compiler = (word, { source, term }) => {
  const compared = compareNumbers(consensusVotes.votes as any, term, word)
  if (source.kind !== 'shapes' && source.kind !== 'tags') return false
  const kind = source.kind === 'shapes' ? 'shape' : 'tag'
  return sql`(${source.jobId}, ${source.id}) in (select ${consensusVotes.jobId}, ${consensusVotes.objectId} from ${consensusVotes} where ${consensusVotes.kind} = ${kind} and ${compared})`
}
const ofJob =
  (make: (word: Word, context: Context) => SQL): Compiler =>
  (word, context) =>
    jobFits(context.source.jobId, make(word, context))
const choiceOfJob = (column: any, name: string, values: readonly string[]) =>
  ofJob(
    (word) =>
      sql`${column} in (${sql.join(
        readChoices(word, name, values).map((value) => sql`${value}`),
        sql`, `,
      )})`,
  )
const named = (name: any, id: any) =>
  ofJob((word) =>
    /^#?\d{1,9}$/.test(word.text)
      ? sql`(${id} = ${Number(word.text.replace('#', ''))} or ${isLike(name, word)})`
      : isLike(name, word),
  )

const compileFlag: Compiler = (word, { source }) =>
  source.body
    ? eq(source.body.occluded, sql.param(readFlag(word, 'occluded'), source.body.occluded as any))
    : !readFlag(word, 'occluded')

const compileAnnotator = ofJob((word, { env }) => {
  if (word.isQuoted) return isLike(users.username as any, word)
  if (/^(none|nobody)$/i.test(word.text)) return isNull(jobs.assigneeId)
  return /^me$/i.test(word.text) ? sql`${users.username} = ${env.username}` : isLike(users.username as any, word)
})

const compilers: Record<FieldName, Compiler> = {
  label: compileLabel,
  type: compileType,
  width: ofBody('width'),
  height: ofBody('height'),
  area: ofBody('area'),
  rotation: ofBody('rotation'),
  z: ofBody('zOrder'),
  score: ofSource('score'),
  votes: compileVotes,
  group: ofSource('group'),
  id: ofSource('id'),
  frame: ofSource('frame'),
  source: (word, { source }) => (source.source ? isLike(source.source, word) : false),
  occluded: compileFlag,
  name: compileName,
  objects: (word, { source, env, term }) => {
    const compare = (count: SQL) => compareNumbers(count, term, word)
    // Frames without objects are in no list of objects.
    const mayBeNone = readComparisons(term, word).every(
      ({ sign, value }) =>
        ({ '=': 0 === value, '<>': 0 !== value, '<': 0 < value, '<=': 0 <= value, '>': 0 > value, '>=': 0 >= value })[sign],
    )
    if (!mayBeNone) return countFits(source, env.visible, compare)
    return negate(countFits(source, env.visible, (count) => sql`not (${compare(count)})`))
  },
  project: named(projects.name, projects.id),
  task: named(tasks.name, tasks.id),
  subset: ofJob((word) => isLike(tasks.subset as any, word)),
  job: ofJob((word, { term }) => compareNumbers(jobs.id as any, term, word)),
  'job.state': choiceOfJob(jobs.state, 'state', valuesOf('job.state')),
  'job.stage': choiceOfJob(jobs.stage, 'stage', valuesOf('job.stage')),
  'job.type': choiceOfJob(jobs.type, 'job.type', valuesOf('job.type')),
  annotator: compileAnnotator,
  updated: ofJob((word, { term }) => compareTimes(jobs.updatedDate as any, term, word)),
  created: ofJob((word, { term }) => compareTimes(jobs.createdDate as any, term, word)),
}

/** What an attribute holds where the stored text has no value of it: it is younger than the object. */
const withDefault = (spec: Spec, column: AnyPgColumn, stored: SQL | false, isDefault: boolean): Condition => {
  const isStored = holds(column, `"spec_id":${spec.id},`)
  return any([stored && all([isStored, stored]), isDefault && negate(isStored)])
}

const fitsDefault = ({ defaultValue }: Spec, term: Term, word: Word): boolean => {
  if (term.operator === ':' && !/\.\./.test(word.text)) return fits(word, defaultValue)
  const value = Number(defaultValue)
  return (
    defaultValue.trim() !== '' &&
    readComparisons(term, word).every(
      ({ sign, value: other }) =>
        ({
          '=': value === other,
          '<>': value !== other,
          '<': value < other,
          '<=': value <= other,
          '>': value > other,
          '>=': value >= other,
        })[sign],
    )
  )
}

const toSql = (condition: Condition): SQL => (typeof condition === 'boolean' ? sql.raw(condition ? '1 = 1' : '1 = 0') : condition)

/** The same asked of the short keys, which stand in the index that searches read; `fitting` are all values that fit. */
const orByKeys = (spec: Spec, fitting: string[], isDefault: boolean, byText: Condition): SQL => {
  const keys = shapes.attributeKeys as any
  const byKeys = any([
    ...fitting.map((value) => holds(keys, `,${attributeKey(spec.id, value)},`)),
    isDefault && sql`not (${holds(keys, attributeStart(spec.id))})`,
  ])
  return sql`case when ${keys} is null then ${toSql(byText)} else ${toSql(byKeys)} end`
}

/** Values that the attribute may have, when these are few. */
const knownValues = ({ inputType, values, defaultValue }: Spec): string[] | null => {
  if (inputType === 'checkbox') return ['true', 'false', 'True', 'False']
  return inputType === 'select' || inputType === 'radio' ? [...new Set([...values, defaultValue])] : null
}

const compileSpec = (spec: Spec, word: Word, { source, term }: Context): Condition => {
  if (!source.labelId || !source.attributes) return false
  const column = spec.mutable ? source.attributes.changing : source.attributes.fixed
  const isText = term.operator === ':' && !/\.\./.test(word.text)
  const known = isText ? knownValues(spec) : null
  const yes: Word =
    spec.inputType === 'checkbox' && /^(yes|no)$/i.test(word.text) ? { ...word, text: String(/^yes$/i.test(word.text)) } : word
  const value = attributeValue(column, spec.id)
  const values = known?.filter((one) => fits(yes, one))
  const fitting = values?.map((one) => holds(column, JSON.stringify({ spec_id: spec.id, value: one })))
  const stored = fitting
    ? (any(fitting) as SQL | false)
    : isText
      ? sql`lower(${value}) like ${toLike(word)} escape '\\'`
      : compareNumbers(asNumber(value), term, word)
  const isDefault = fitsDefault(spec, term, yes)
  const byText = withDefault(spec, column, stored, isDefault)
  const holdsIt = values && source.kind === 'shapes' ? orByKeys(spec, values, isDefault, byText) : byText
  return all([isOneOf(source.labelId, [spec.labelId]), holdsIt])
}

const compileAttribute = (name: string, word: Word, context: Context): Condition => {
  const { term, env } = context
  const specs = env.vocabulary.specs.filter((spec) => spec.name.toLowerCase() === name.toLowerCase())
  if (specs.length > maxSpecs)
    throw new QueryProblem(
      t('Attribute "{name}" is one of very many labels: search in one project or task.', { name }),
      term.at,
      name.length,
    )
  if (!specs.length) throw new QueryProblem(describeUnknown(name), term.at, name.length)
  return any(specs.map((spec) => compileSpec(spec, word, context)))
}

/** A field that begins alike, for those who mistyped. */
const describeUnknown = (name: string) => {
  const near = fields.find((field) => field.name.startsWith(name.slice(0, 3).toLowerCase()))
  const missing = t('There is neither a field nor an attribute called "{name}" here.', { name })
  return near ? `${missing} ${t('Did you mean {name}?', { name: near.name })}` : missing
}

const flags: Record<string, (context: Context) => Condition> = {
  occluded: (context) => compileFlag({ text: 'yes', isQuoted: false, at: 0 }, context),
  rotated: ({ source }) => (source.body ? sql`${source.body.rotation} <> 0` : false),
}

const compileFlagNamed = (word: Word, context: Context): Condition =>
  Object.hasOwn(flags, word.text.toLowerCase()) ? flags[word.text.toLowerCase()]!(context) : compileType(word, context)

/** A word alone: a flag, or part of the name of a label or picture. */
const compileWord = (word: Word, context: Context): Condition =>
  !word.isQuoted && Object.hasOwn(flags, word.text.toLowerCase())
    ? flags[word.text.toLowerCase()]!(context)
    : any([compileLabel(anywhere(word), context), compileName(anywhere(word), context)])

const needsOrder = new Set<string>(['number', 'time'])

const compileTerm = (term: Term, source: Source, env: Environment): Condition => {
  const context = { term, source, env }
  const each = (compile: (word: Word) => Condition) => any(term.values.map(compile))
  if (term.operator === '!=') return negate(compileTerm({ ...term, operator: ':' }, source, env))
  if (!term.key) return each((word) => compileWord(word, context))
  const attribute = attributeName(term.key)
  if (attribute !== null) return each((word) => compileAttribute(attribute, word, context))
  if (/^(is|not)$/i.test(term.key.text)) {
    const found = each((word) => compileFlagNamed(word, context))
    return /^not$/i.test(term.key.text) ? negate(found) : found
  }
  const field = findField(term.key.text)!
  if (term.operator !== ':' && !needsOrder.has(field.kind))
    throw new QueryProblem(
      t('{field} cannot be compared with {operator}; write {example}.', {
        field: field.name,
        operator: term.operator,
        example: field.example,
      }),
      term.at,
      term.end - term.at,
    )
  return each((word) => compilers[field.name](word, context))
}

/** The condition on rows of the source. Throws QueryProblem for a value that makes no sense. */
export const compileQuery = (node: Node | null, source: Source, env: Environment): Condition => {
  if (!node) return true
  if (node.kind === 'not') return negate(compileQuery(node.part, source, env))
  if (node.kind === 'term') return compileTerm(node, source, env)
  return (node.kind === 'and' ? all : any)(node.parts.map((part) => compileQuery(part, source, env)))
}
