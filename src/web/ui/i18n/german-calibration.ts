// German texts of the calibration of tasks.
export const germanCalibration = {
  Calibration: 'Kalibrierung',
  'Calibration files': 'Kalibrierungsdateien',
  'Cameras: {cameras}, frames with a pose: {poses}': 'Kameras: {cameras}, Frames mit Pose: {poses}',
  'KITTI (txt), JSON like that of nuScenes, Supervisely, poses, or a zip of them':
    'KITTI (txt), JSON wie bei nuScenes, Supervisely, Posen oder ein ZIP davon',
  Replace: 'Ersetzen',
  'Task #{id}': 'Aufgabe #{id}',
  'With it the editor draws cuboids on the pictures beside the clouds.':
    'Mit ihr zeichnet der Editor Quader auf die Bilder neben den Punktwolken.',
} as const
