// The rules as tables, and the promise that a list shows exactly the rows that may be viewed.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createPerson, type Person } from '../../../tests/api'
import { db, tx } from '../db/open'
import { memberships, organizations, type Role } from '../organizations/schema'
import { projects } from '../projects/schema'
import { projectFacts } from '../projects/service'
import { tasks } from '../tasks/schema'
import { listTasks, taskFacts } from '../tasks/service'
import { can, type Facts } from './can'
import type { Resource } from './rules'
import type { User, Who } from './who'

const me = 1
const someone = (role: string, groups: string[]): Who => ({
  user: { id: me, groups } as User,
  admin: false,
  via: 'session',
  roles: new Map(role === '-' ? [] : [[7, role as Role]]),
})
const tied: Record<string, Facts> = {
  none: {},
  owner: { ownerId: me },
  assignee: { assigneeId: me },
  'parent-owner': { parents: [{ ownerId: me, assigneeId: null }] },
  self: { selfId: me },
  'job-assignee': { workerIds: [null, me] },
}

//  resource  action           role        tie           group   allowed
const table = `
    task      create           -           none          user    yes
    task      create           -           none          worker  no
    task      create           worker      none          user    no
    task      create           supervisor  none          user    yes
    task      create           worker      parent-owner  user    yes
    task      view             -           none          user    no
    task      view             -           assignee      worker  yes
    task      view             supervisor  none          user    no
    task      view             maintainer  none          user    yes
    task      update:assignee  -           assignee      user    no
    task      update:assignee  worker      owner         user    yes
    task      delete           worker      assignee      user    no
    task      delete           worker      parent-owner  user    yes
    job       view             worker      assignee      worker  yes
    job       update:stage     worker      assignee      worker  no
    job       update:stage     worker      parent-owner  worker  yes
    job       update:stage     maintainer  none          user    yes
    job       update:state     worker      assignee      worker  yes
    job       create           -           parent-owner  user    yes
    job       create           -           parent-owner  worker  no
    job       create           -           assignee      user    no
    job       create           worker      parent-owner  user    no
    job       delete           supervisor  parent-owner  user    yes
    job       delete           supervisor  none          user    no
    job       delete           maintainer  none          user    yes
    task      update:storage   -           owner         worker  yes
    task      update:storage   supervisor  assignee      user    no
    task      update:storage   maintainer  none          user    yes
    project   update:storage   worker      assignee      user    no
    project   update:storage   worker      owner         worker  yes
    project   update:organization  -       owner         worker  yes
    task      update:organization  worker  assignee      user    no
    project   delete           -           assignee      user    no
    project   delete           -           owner         user    yes
    project   view             maintainer  none          user    yes
    project   create           -           none          worker  no
    issue     create           -           job-assignee  worker  yes
    issue     create           -           assignee      user    no
    issue     create           supervisor  none          user    no
    issue     create           maintainer  none          user    yes
    issue     view             -           assignee      none    yes
    issue     view             worker      job-assignee  none    yes
    issue     update           -           assignee      worker  yes
    issue     update           worker      job-assignee  worker  yes
    issue     update           -           assignee      none    no
    issue     delete           -           assignee      user    no
    issue     delete           worker      job-assignee  worker  no
    issue     delete           worker      parent-owner  worker  yes
    issue     delete           -           owner         worker  yes
    issue     delete           maintainer  none          user    yes
    comment   create           -           none          user    no
    comment   create           worker      job-assignee  worker  yes
    comment   delete           -           owner         worker  yes
    comment   update           worker      parent-owner  worker  yes
    comment   view             supervisor  none          user    no
    guide     view             -           job-assignee  worker  yes
    analytics view             -           owner         none    yes
    analytics view             -           none          user    no
    analytics view             supervisor  none          user    no
    analytics view             worker      owner         worker  yes
    analytics view             maintainer  none          user    yes
    analytics view:all         -           parent-owner  worker  yes
    analytics view:all         -           none          user    no
    analytics view:all         worker      assignee      worker  no
    analytics view:all         supervisor  none          user    no
    analytics view:all         maintainer  none          user    yes
    guide     view             worker      none          user    no
    guide     update           -           job-assignee  user    no
    guide     update           worker      owner         worker  no
    guide     create           worker      assignee      user    yes
    guide     delete           maintainer  none          user    yes
    user      view             -           none          user    no
    user      view             -           self          user    yes
    organization update        supervisor  none          user    no
    organization update        maintainer  none          user    yes
    organization delete        maintainer  none          user    no
    organization delete        owner       none          user    yes
    membership view            -           self          none    yes
    membership view            worker      none          none    yes
    membership change:worker   maintainer  none          user    yes
    membership change:worker   supervisor  none          user    no
    membership change:maintainer maintainer none         user    no
    membership change:maintainer owner     none          user    yes
    membership change:owner    owner       none          user    no
    membership delete:supervisor maintainer none         user    yes
    membership delete:maintainer maintainer none         user    no
    membership leave:maintainer maintainer self          worker  yes
    membership leave:worker    worker      none          user    no
    membership leave:owner     owner       self          user    no
    membership transfer        maintainer  none          user    no
    membership transfer        owner       none          user    yes
    invitation create:worker   supervisor  none          user    no
    invitation create:worker   maintainer  none          user    yes
    invitation create:maintainer maintainer none         user    no
    invitation create:maintainer owner     none          user    yes
    invitation create:owner    owner       none          user    no
    invitation view            -           self          none    yes
    invitation view            supervisor  none          user    no
    invitation view            maintainer  none          user    yes
    invitation resend          -           owner         worker  yes
    invitation delete          -           self          user    no
    invitation accept          -           self          none    yes
    invitation accept          owner       owner         user    no
    webhook   create:project   -           none          user    no
    webhook   create:project   -           parent-owner  worker  yes
    webhook   create:project   -           parent-owner  -       no
    webhook   create:project   supervisor  none          user    no
    webhook   create:project   supervisor  parent-owner  user    yes
    webhook   create:project   maintainer  none          worker  yes
    webhook   create:organization supervisor parent-owner user   no
    webhook   create:organization maintainer none        worker  yes
    webhook   create:organization -        parent-owner  user    no
    webhook   create:server    owner       none          user    no
    webhook   create:server    -           owner         user    no
    webhook   update           -           owner         worker  yes
    webhook   update           -           owner         -       no
    webhook   update           supervisor  none          user    no
    webhook   update           worker      owner         worker  yes
    webhook   update           maintainer  none          worker  yes
    webhook   delete           -           none          user    no
    webhook   delete           worker      parent-owner  worker  yes
    webhook   view             -           parent-owner  -       yes
    webhook   view             -           none          user    no
    webhook   view             worker      owner         -       yes
    webhook   view             supervisor  none          user    no
    webhook   view             maintainer  none          worker  yes
    event     export           -           none          user    no
    event     export           -           owner         worker  yes
    event     export           -           owner         -       no
    event     export           supervisor  none          user    no
    event     export           maintainer  none          worker  yes
    cloud-storage create       -           none          user    yes
    cloud-storage create       -           none          worker  no
    cloud-storage create       supervisor  none          user    no
    cloud-storage create       maintainer  none          user    yes
    cloud-storage create       maintainer  none          worker  no
    cloud-storage view         -           none          user    no
    cloud-storage view         -           owner         none    yes
    cloud-storage view         worker      none          user    no
    cloud-storage view         worker      owner         none    yes
    cloud-storage view         supervisor  none          user    yes
    cloud-storage view         supervisor  none          worker  no
    cloud-storage update       -           owner         worker  yes
    cloud-storage update       -           none          user    no
    cloud-storage update       supervisor  none          user    no
    cloud-storage update       worker      owner         worker  yes
    cloud-storage delete       maintainer  none          user    yes
    share     view             -           none          user    yes
    share     view             -           none          worker  no`

test.each(
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/)),
)('%s %s by %s (%s, group %s): %s', (resource, action, role, tie, group, allowed) => {
  const facts = { organizationId: role === '-' ? null : 7, ...tied[tie!] }
  expect(can(someone(role!, [group!]), resource as Resource, action!, facts)).toBe(allowed === 'yes')
})

describe('scope', () => {
  const people: Person[] = []
  const taskIds: number[] = []

  beforeAll(async () => {
    for (let i = 0; i < 4; i++) people.push(await createPerson({ groups: i === 3 ? ['worker'] : ['user'] }))
    const id = (i: number) => people[i]!.user.id
    const now = new Date()
    const dates = { createdDate: now, updatedDate: now }
    await tx(async (t) => {
      const slug = (n: number) => `s${process.pid}-${Date.now() % 1e6}-${n}`
      const orgs = await t
        .insert(organizations)
        .values([0, 1].map((n) => ({ slug: slug(n), contact: {}, ownerId: id(0), ...dates })))
        .returning()
      const roles: [number, number, Role][] = [
        [0, 0, 'owner'],
        [1, 0, 'maintainer'],
        [2, 0, 'worker'],
        [3, 0, 'maintainer'],
        [1, 1, 'supervisor'],
        [2, 1, 'owner'],
      ]
      await t
        .insert(memberships)
        .values(roles.map(([person, org, role]) => ({ userId: id(person), organizationId: orgs[org]!.id, role })))
      const choices = [null, id(0), id(1), id(2), id(3)]
      const places = [null, orgs[0]!.id, orgs[1]!.id]
      // Every combination of owner and assignee of the task, in every place, with and without a project of somebody.
      for (const organizationId of places)
        for (const projectOwner of [undefined, ...choices.slice(0, 3)]) {
          const [project] =
            projectOwner === undefined
              ? []
              : await t
                  .insert(projects)
                  .values({ name: 'p', ownerId: projectOwner, assigneeId: id(3), organizationId, ...dates })
                  .returning()
          for (const ownerId of choices)
            for (const assigneeId of choices) {
              const [task] = await t
                .insert(tasks)
                .values({ name: 't', ownerId, assigneeId, organizationId, projectId: project?.id ?? null, ...dates })
                .returning()
              taskIds.push(task!.id)
            }
        }
    })
  })

  test('lists exactly the tasks that can() lets a person view', async () => {
    const rows = await db
      .select({ task: tasks, project: projects })
      .from(tasks)
      .leftJoin(projects, eq(projects.id, tasks.projectId))
    for (const person of people) {
      const who = await person.who()
      const allowed = rows.filter((row) => can(who, 'task', 'view', taskFacts(row))).map(({ task }) => task.id)
      const listed = (await listTasks(who, { kind: 'any' }, [], [], { page: 1, size: 1e6, offset: 0 })).rows.map(
        ({ task }) => task.id,
      )
      expect(listed.sort()).toEqual(allowed.sort())
      expect(allowed.length).toBeGreaterThan(0)
      expect(allowed.length).toBeLessThan(rows.length)
    }
  })

  test('a context narrows the list', async () => {
    const who = await people[0]!.who()
    const { rows } = await listTasks(who, { kind: 'personal' }, [], [], { page: 1, size: 1e6, offset: 0 })
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every(({ task }) => task.organizationId === null)).toBe(true)
  })

  test('a project is judged by its own people', () => {
    const project = { ownerId: me, assigneeId: null, organizationId: null } as typeof projects.$inferSelect
    expect(can(someone('-', ['user']), 'project', 'delete', projectFacts(project))).toBe(true)
  })
})
