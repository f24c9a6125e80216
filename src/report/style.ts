import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** Whether there is colour is decided once, by the terminal; here it is only obeyed. */
export function paint(text: string, style: Style | null, color: boolean): string {
  return color && style !== null && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
