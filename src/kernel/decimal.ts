// 20 digits before and 10 behind the point: sums of money and quantities; a numeric column would take 131,072
const DECIMAL = /^-?(\d{1,20})(\.\d{1,10})?$/;

/** An exact decimal number as a caller writes it, "1250.75"; null when it is none. */
export const readDecimal = (text: string): string | null => (DECIMAL.test(text) ? text : null);

/** Without zeros that say nothing: "1.50" and "01.5" are the same number. */
export function canonicalDecimal(value: string): string {
  const [, sign, whole, fraction] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(value)!;
  const number = fraction ? `${whole}.${fraction}` : whole!;
  return number === '0' ? '0' : sign + number;
}
