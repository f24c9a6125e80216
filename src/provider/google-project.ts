/** Fills in the project, which rclone needs to make a bucket, from the key of the service account. */
export function withProject(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { project_number: given, service_account_credentials: key } = options;
  if (given !== undefined || key === undefined) return options;
  const project = projectOf(key);
  return project === null ? options : { ...options, project_number: project };
}

function projectOf(key: string): string | null {
  try {
    const parsed: { readonly project_id?: unknown } | null = JSON.parse(key);
    return typeof parsed?.project_id === 'string' ? parsed.project_id : null;
  } catch {
    // What is wrong with the key is for rclone to say, once it is used.
    return null;
  }
}
