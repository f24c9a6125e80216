export interface Part {
  /** The name of a form field; empty in `multipart/related`. */
  readonly name: string;
  readonly body: Buffer;
}

/** The parts of a `multipart/form-data` or `multipart/related` body, in order. */
export function multipartParts(headers: Readonly<Record<string, string>>, body: Buffer): readonly Part[] {
  const { 'content-type': type = '' } = headers;
  const [, , boundary] = /boundary=("?)([^";]+)\1/.exec(type) ?? [];
  if (boundary === undefined) throw new Error(`Internal error: no boundary in ${type}`);
  // Latin-1 maps each byte to one character and back.
  const sections = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return sections.map((section) => {
    const end = section.indexOf('\r\n\r\n');
    return {
      name: /name="([^"]*)"/.exec(section.slice(0, end))?.[1] ?? '',
      body: Buffer.from(section.slice(end + 4, -2), 'latin1'),
    };
  });
}
