/**
 * What rclone writes in another way when it lists a local directory: pictures of control characters, the mark with which
 * it quotes them, and what stands for bytes that are no UTF-8.
 */
const quotedByRclone = /[\u2400-\u2421\u201b\uff0f\ufffd]/;

/**
 * The name by which rclone's log calls a local file or directory, from the name on disk; `null`: rclone writes it in a
 * way that another file may share, so nothing that it says can be put down to this one.
 */
export function rcloneName(raw: Buffer): string | null {
  const name = raw.toString('utf8');
  // Bytes that are no UTF-8 become U+FFFD here as well.
  if (quotedByRclone.test(name) || /^\uff0e{1,2}$/.test(name)) return null;
  return name.replace(/\p{Cc}/gu, pictureOf);
}

/** Unicode has a picture for each control character of ASCII; rclone leaves the others as they are. */
function pictureOf(letter: string): string {
  const code = letter.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : letter;
}
