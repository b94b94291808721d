// The names that the browser offers are those that the server takes.
import { expect, test } from 'bun:test'
import { cloudFormats } from '../../../formats/cloud-shapes/formats'
import { cloudFormatNames } from './format-names'

test('every format is offered under its name', () => {
  expect(cloudFormats.map(({ name }) => name)).toEqual([...cloudFormatNames])
})
