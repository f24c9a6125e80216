import { jsonIn, recordOf } from '../model/json-text.ts';

/** Fills in the project, which rclone needs to make a bucket, from the key of the service account. */
export function withProject(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { project_number: given, service_account_credentials: key } = options;
  if (given !== undefined || key === undefined) return options;
  const project = projectOf(key);
  return project === null ? options : { ...options, project_number: project };
}

/** What is wrong with the key is for rclone to say, once it is used. */
function projectOf(key: string): string | null {
  const { project_id: project } = recordOf(jsonIn(key));
  return typeof project === 'string' ? project : null;
}
