/** Whether a schedule can be taken, and what to say of it. */
export type ScheduleVerdict =
  | { readonly ok: true; readonly warnings: readonly string[] }
  | {
      readonly ok: false;
      readonly code: 'CS021' | 'CS022' | 'CS023';
      readonly message: string;
      readonly hint: string | null;
    };
