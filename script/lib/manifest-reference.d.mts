export function manifestReference(
  taskSchema: object,
  credentialSchema: object,
  tables: {
    readonly rcloneFlags: Readonly<Record<string, object>>;
    readonly flagVerdicts: Readonly<Record<string, object>>;
    readonly trueNasFields: readonly object[];
    readonly trueNasProviders: Readonly<Record<string, string>>;
  },
): string;
