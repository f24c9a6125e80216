const { CLOUDSYNC_RCLONE } = process.env;

/**
 * The rclone that the tests are run with. A test file that imports this, itself or through a helper, belongs to the
 * project `rclone`; the files of the project `unit` find an rclone that refuses.
 */
export const rclone = CLOUDSYNC_RCLONE ?? 'rclone';
