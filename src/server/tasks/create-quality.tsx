// The part of the form of a new task that is about its quality: replicas of jobs, ground truth, honeypots.
import { say, t } from '../../web/ui/i18n/message'

type FieldProps = { name: string; testid: string; label: string; hint: string; min: string; max?: string; value?: string }

const NumberField = ({ name, testid, label, hint, min, max, value }: FieldProps) => (
  <label class="field">
    <span class="label" safe>
      {label}
    </span>
    <input
      class="input num"
      type="number"
      name={name}
      min={min}
      max={max}
      step={name.endsWith('_percent') ? 'any' : '1'}
      value={value}
      inputmode="decimal"
      data-testid={testid}
    />
    <span class="hint" safe>
      {hint}
    </span>
  </label>
)

/** Belongs inside the form of the island `createTask`; the island `taskQuality` shows what fits the choice. */
export const QualityOptions = () => (
  <div class="grid gap-4 border-t border-line pt-4" x-data="taskQuality">
    <div class="grid grid-cols-3 gap-4 max-md:grid-cols-2">
      <NumberField
        name="consensus_replicas"
        testid="task-consensus"
        label={t('Consensus replicas')}
        hint={t('Copies of each job: 0, or 2 to 10')}
        min="0"
        max="10"
        value="0"
      />
      <label class="field">
        <span class="label">{say('Validation')}</span>
        <select class="select" name="validation_mode" x-on:change="choose" data-testid="task-validation">
          <option value="none">{say('None')}</option>
          <option value="gt">{say('Ground truth')}</option>
          <option value="gt_pool">{say('Honeypots')}</option>
        </select>
        <span class="hint" x-text="modeHint"></span>
      </label>
      <label class="field" x-cloak x-show="isGroundTruth">
        <span class="label">{say('Frames')}</span>
        <select class="select" name="validation_method" x-on:change="chooseMethod" data-testid="task-validation-method">
          <option value="random_uniform">{say('Random in the task')}</option>
          <option value="random_per_job">{say('Random in each job')}</option>
        </select>
        <span class="hint">{say('Where they are drawn from')}</span>
      </label>
    </div>
    <div class="grid grid-cols-3 gap-4 max-md:grid-cols-2" x-cloak x-show="isValidated">
      <label class="field">
        <span class="label">{say('Validation frames, %')}</span>
        <input
          class="input num"
          type="number"
          name="validation_percent"
          min="0.01"
          max="100"
          step="any"
          value="5"
          inputmode="decimal"
          data-testid="task-validation-share"
        />
        <span class="hint" x-text="percentHint"></span>
      </label>
      <div x-show="isHoneypots">
        <NumberField
          name="per_job_percent"
          testid="task-validation-per-job"
          label={t('Honeypots per job, %')}
          hint={t('Frames that each job gets on top')}
          min="0.01"
          max="100"
          value="5"
        />
      </div>
      <NumberField
        name="validation_seed"
        testid="task-validation-seed"
        label={t('Random seed')}
        hint={t('Same number, same frames')}
        min="0"
      />
      <p class="hint col-span-full" x-show="isHoneypots">
        {say('Pictures are put into random order, and validation frames are shown again among those of every job.')}
      </p>
    </div>
  </div>
)
