// Which files of an upload tell of cameras and of the vehicle's way, by their names alone.

const patterns = [
  // KITTI: calib/000000.txt, calib_cam_to_cam.txt, calib.txt; poses of its odometry, and the oxts of the raw data.
  /(^|\/)calib[^/]*(\/[^/]+)*\.txt$/i,
  /(^|\/)poses?(\/\d+)?\.txt$/i,
  /(^|\/)oxts\/data\/[^/]+\.txt$/i,
  // nuScenes: its tables, or one file of our own layout.
  /(^|\/)(calibrated_sensor|sensor|ego_poses?|sample_data)\.json$/i,
  /(^|\/)[^/]*calib[^/]*(\/[^/]+)*\.json$/i,
  // Supervisely: beside each picture.
  /(^|\/)related_images\/.+\.json$/i,
]

export function isCalibrationName(path: string): boolean {
  return patterns.some((pattern) => pattern.test(path))
}
