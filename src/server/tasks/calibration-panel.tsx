// The part of a 3D task's page that tells of its calibration and takes files of it.
import { CalibrationForm, CalibrationSummary } from '../../web/ui/calibration-form'
import { say } from '../../web/ui/i18n/message'
import { FormToken } from '../auth/service'
import { describeCalibration } from '../calibration/service'
import type { TaskRow } from './service'

/** Nothing for tasks of pictures and for those without data. */
export const loadCalibrationPanel = async (
  { task, data }: TaskRow,
  request: Request,
  canEdit: boolean,
): Promise<JSX.Element | ''> => {
  if (!data || task.dimension !== '3d') return ''
  const summary = await describeCalibration(data)
  if (!canEdit && !summary.files.length) return ''
  return (
    <section class="card grid gap-3 p-4" data-testid="task-calibration">
      <h2>{say('Calibration')}</h2>
      <CalibrationSummary {...summary} />
      {canEdit ? (
        <CalibrationForm taskId={task.id} token={<FormToken request={request} />} hasFiles={summary.files.length > 0} />
      ) : (
        ''
      )}
    </section>
  )
}

/** Leads to the files of what is drawn on the clouds beyond annotations; nothing for tasks of pictures. */
export const PointsPanel = ({ task, data }: TaskRow): JSX.Element | '' =>
  data && task.dimension === '3d' ? (
    <section class="card grid gap-3 p-4" data-testid="task-points">
      <h2>{say('Points and lines')}</h2>
      <p class="hint">
        {say('Labels of single points, lines, areas and key points, which the formats of annotations do not hold.')}
      </p>
      <div class="flex justify-end">
        <a class="btn btn-small" href={`/tasks/${task.id}/points`} data-testid="task-points-link">
          {say('Export or import…')}
        </a>
      </div>
    </section>
  ) : (
    ''
  )
