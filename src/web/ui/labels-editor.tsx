// Labels of a task or project as chips with a form to add and edit them; the island `labelsEditor` brings it to life.

import { labelTypes } from '../../formats/model'
import { say, t } from './i18n/message'
import { Icon } from './icon'

type EditorProps = {
  /** Labels as the API shows them; empty for something new. */
  labels: unknown[]
  /** Address of the task or project that is changed at once; without it the list is handed to the form around. */
  path?: string
  canEdit: boolean
}

const kinds = ['select', 'radio', 'checkbox', 'number', 'text']

const AttributeFields = () => (
  <div class="grid gap-2 rounded-md border border-line bg-sunken p-2" data-attribute>
    <div class="flex gap-2">
      <input
        class="input compact min-w-0 flex-1"
        placeholder={t('Attribute name')}
        aria-label={t('Attribute name')}
        maxlength="64"
        dir="auto"
        x-model="attribute.name"
        data-testid="label-attribute-name"
      />
      <select
        class="select compact w-28"
        aria-label={t('Kind of attribute')}
        x-model="attribute.input_type"
        x-on:change="changeKind(attribute)"
        x-bind:disabled="isSaved(attribute)"
        data-testid="label-attribute-kind"
      >
        {kinds.map((kind) => (
          <option value={kind}>{kind as 'safe'}</option>
        ))}
      </select>
      <button
        type="button"
        class="btn btn-quiet btn-small btn-icon"
        x-on:click="removeAttribute(attribute)"
        aria-label={t('Remove attribute')}
      >
        <Icon name="close" />
      </button>
    </div>
    <div class="flex flex-wrap items-center gap-1" x-show="takesValues(attribute)">
      <template x-for="value in attribute.values" x-bind:key="value">
        <span class="badge plain bg-hover">
          <span x-text="value" dir="auto"></span>
          <button
            type="button"
            x-show="mayRemoveValue(attribute, value)"
            x-on:click="removeValue(attribute, value)"
            aria-label={t('Remove value')}
          >
            <Icon name="close" />
          </button>
        </span>
      </template>
      <input
        class="input compact min-w-32 flex-1"
        aria-label={t('Values')}
        dir="auto"
        x-bind:placeholder="valuesHint(attribute)"
        x-model="attribute.pending"
        x-on:keydown="valueKey($event, attribute)"
        data-testid="label-attribute-values"
      />
    </div>
    <div class="flex items-center gap-2">
      <template x-if="hasChoices(attribute)">
        <select
          class="select compact min-w-0 flex-1"
          aria-label={t('Default value')}
          x-model="attribute.default_value"
          data-testid="label-attribute-default"
        >
          <template x-for="value in choicesOf(attribute)" x-bind:key="value">
            <option x-bind:value="value" x-text="value" x-bind:selected="value === attribute.default_value"></option>
          </template>
        </select>
      </template>
      <template x-if="!hasChoices(attribute)">
        <input
          class="input compact min-w-0 flex-1"
          placeholder={t('Default value')}
          aria-label={t('Default value')}
          dir="auto"
          x-model="attribute.default_value"
          data-testid="label-attribute-default"
        />
      </template>
      <label class="flex items-center gap-1.5 text-[13px]" title={t('The value may differ from frame to frame of a track')}>
        <input class="check" type="checkbox" x-model="attribute.mutable" data-testid="label-attribute-mutable" />
        {say('Mutable')}
      </label>
    </div>
  </div>
)

const LabelForm = () => (
  <div class="grid gap-3 rounded-md border border-line-strong p-3" role="group" aria-label={t('Label')} x-on:keydown="key">
    <div class="flex flex-wrap gap-2">
      <input
        class="input min-w-32 flex-1"
        placeholder={t('Label name')}
        aria-label={t('Label name')}
        maxlength="64"
        dir="auto"
        x-model="draft.name"
        x-ref="name"
        data-testid="label-name"
      />
      <select class="select w-30" aria-label={t('Type')} x-model="draft.type" data-testid="label-type">
        {labelTypes
          .filter((type) => type !== 'skeleton')
          .map((type) => (
            <option value={type}>{type as 'safe'}</option>
          ))}
      </select>
      <input
        class="input"
        type="color"
        aria-label={t('Colour')}
        title={t('Colour: chosen by itself until you pick one')}
        x-model="draft.color"
        x-on:input="pickColor"
        data-testid="label-color"
      />
    </div>
    <template x-for="attribute in draft.attributes" x-bind:key="attribute.key">
      <AttributeFields />
    </template>
    <div class="flex flex-wrap items-center gap-2">
      <button type="button" class="btn btn-small btn-quiet -ms-2" x-on:click="addAttribute" data-testid="label-attribute-add">
        <Icon name="plus" />
        {say('Attribute')}
      </button>
      <span class="flex-1"></span>
      <button type="button" class="btn btn-small" x-on:click="cancel" data-testid="label-cancel">
        {say('Cancel')}
      </button>
      <button
        type="button"
        class="btn btn-small"
        x-on:click="saveAndContinue"
        x-show="!draft.id"
        data-testid="label-continue"
        title={t('Save and add another')}
      >
        {say('Continue')}
      </button>
      <button type="button" class="btn btn-small btn-primary" x-on:click="save" x-bind:disabled="busy" data-testid="label-save">
        {say('Save')}
      </button>
    </div>
  </div>
)

const RawForm = ({ canEdit }: { canEdit: boolean }) => (
  <div class="grid gap-2">
    <textarea
      class="area min-h-48 font-mono text-[12px]"
      spellcheck="false"
      aria-label={t('Labels as JSON')}
      x-model="raw"
      readonly={!canEdit}
      data-testid="label-raw-text"
    ></textarea>
    <div class="flex items-center justify-end gap-2">
      {canEdit && (
        <button
          type="button"
          class="btn btn-small btn-primary"
          x-on:click="applyRaw"
          x-bind:disabled="busy"
          data-testid="label-raw-apply"
        >
          {say('Apply')}
        </button>
      )}
    </div>
  </div>
)

export const LabelsEditor = ({ labels, path, canEdit }: EditorProps): JSX.Element => (
  <div class="grid grid-cols-1 gap-3" x-data="labelsEditor" data-labels={JSON.stringify(labels)} data-path={path}>
    <div class="flex flex-wrap items-center gap-x-1.5 gap-y-1">
      <h2 class="flex-1 whitespace-nowrap">
        {say('Labels')} <span class="num font-normal text-muted" x-text="count"></span>
      </h2>
      <button
        type="button"
        class="btn btn-quiet btn-small"
        x-on:click="toggleRaw"
        x-bind:aria-pressed="isRaw"
        data-testid="label-raw"
      >
        <Icon name="code" />
        {say('Raw')}
      </button>
      {canEdit && (
        <button
          type="button"
          class="btn btn-small btn-icon"
          x-on:click="addSkeleton"
          aria-label={t('Set up a skeleton')}
          title={t('Set up a skeleton')}
          data-testid="skeleton-setup"
        >
          <Icon name="bone" />
        </button>
      )}
      {canEdit && (
        <button type="button" class="btn btn-small" x-on:click="add" aria-label={t('Add label')} data-testid="label-add">
          <Icon name="plus" />
          {say('Add')}
        </button>
      )}
    </div>
    <div class="flex max-h-80 flex-wrap gap-1.5 overflow-y-auto" x-show="!isRaw">
      <template x-for="label in labels" x-bind:key="keyOf(label)">
        <span
          class="inline-flex h-7 max-w-full items-center rounded-md border border-line-strong ps-2 text-[13px]"
          x-bind:data-testid="testidOf(label)"
        >
          <button
            type="button"
            class="flex min-w-0 items-center gap-2"
            x-on:click="edit(label)"
            x-bind:title="describe(label)"
            disabled={!canEdit}
          >
            <svg width="10" height="10" viewBox="0 0 10 10" class="flex-none" aria-hidden="true">
              <circle cx="5" cy="5" r="4.5" stroke="currentColor" stroke-opacity="0.25" x-bind:fill="colorOf(label)" />
            </svg>
            <span class="truncate" dir="auto" x-text="label.name"></span>
            <span class="text-muted text-[12px]" x-text="noteOf(label)"></span>
          </button>
          {canEdit ? (
            <button
              type="button"
              class="grid h-full w-7 place-items-center text-muted hover:text-danger"
              x-on:click="remove(label)"
              x-bind:aria-label="removeName(label)"
              data-testid="label-remove"
            >
              <Icon name="close" />
            </button>
          ) : (
            <span class="w-2"></span>
          )}
        </span>
      </template>
      <p class="text-muted text-[13px]" x-cloak x-show="isEmpty">
        {canEdit ? say('No labels yet. Add the kinds of things that are to be marked.') : say('No labels yet.')}
      </p>
    </div>
    <template x-if="draft">
      <LabelForm />
    </template>
    <div data-skeleton-place></div>
    <template x-if="isRaw">
      <RawForm canEdit={canEdit} />
    </template>
    <div class="problem" role="alert" x-cloak x-show="problem" data-testid="label-error">
      <span x-text="problem"></span>
    </div>
  </div>
)
