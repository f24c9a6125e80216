import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';

/** The rclone.conf of whoever runs this, found as rclone finds it. */
export function existingConfig(environment: NodeJS.ProcessEnv): Result<string, string> {
  const { RCLONE_CONFIG, XDG_CONFIG_HOME, HOME } = environment;
  if (RCLONE_CONFIG !== undefined && RCLONE_CONFIG !== '') {
    return existsSync(RCLONE_CONFIG)
      ? ok(RCLONE_CONFIG)
      : err(`RCLONE_CONFIG names ${RCLONE_CONFIG}, which does not exist`);
  }
  const candidates = [
    ...(XDG_CONFIG_HOME === undefined ? [] : [join(XDG_CONFIG_HOME, 'rclone', 'rclone.conf')]),
    ...(HOME === undefined ? [] : [join(HOME, '.config', 'rclone', 'rclone.conf'), join(HOME, '.rclone.conf')]),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return ok(found);
  return err('the task names a section of rclone.conf, and there is no such file; name it by RCLONE_CONFIG');
}
