/** https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash: 160 bits, 11 further for each byte. */
export function quickXorHash(content: Buffer): string {
  const cells = Buffer.alloc(20);
  content.forEach((byte, index) => {
    const bit = (index * 11) % 160;
    const cell = bit >> 3;
    const shifted = byte << (bit & 7);
    cells[cell] = (cells[cell] ?? 0) ^ (shifted & 0xff);
    const next = (cell + 1) % 20;
    cells[next] = (cells[next] ?? 0) ^ (shifted >> 8);
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(content.length));
  length.forEach((byte, index) => {
    cells[12 + index] = (cells[12 + index] ?? 0) ^ byte;
  });
  return cells.toString('base64');
}
