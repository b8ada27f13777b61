import { refuseAny, type UserError, type UserErrorCode, userError } from './errors.ts';
import { isUuid, uuidOf } from './ids.ts';
import { safeRichText, showsNothing, textFault } from './text.ts';

export type Path = readonly (string | number)[];

/** How long texts may be, in characters (UTF-16). */
export const MAX_NAME = 255;
/** Descriptions and notes: some forty pages, well below the 1 MB that a request may have. */
export const MAX_LONG_TEXT = 100_000;

const sentenceCase = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** Collects what is wrong with an input, so that the caller hears of all of it at once. */
export class Faults {
  readonly errors: UserError[] = [];

  add(code: UserErrorCode, message: string, path: Path): void {
    this.errors.push(userError(code, message, [...path]));
  }

  /** Refuses the call when something was wrong. */
  refuse(): void {
    refuseAny(this.errors);
  }

  /**
   * A text of the input, trimmed: undefined when absent (leave it), null when null or empty (clear it).
   * `what` names it in messages; control characters and, unless `multiline`, line breaks are INVALID.
   */
  text(
    value: string | null | undefined,
    path: Path,
    what: string,
    { max = MAX_NAME, multiline = false } = {},
  ): string | null | undefined {
    if (value === undefined) return undefined;
    const text = value?.trim();
    if (!text) return null;
    const fault = textFault(text, { multiline });
    if (fault) this.add('INVALID', `${sentenceCase(what)} ${fault}: ${JSON.stringify(text.slice(0, 60))}.`, path);
    if (text.length > max)
      this.add('TOO_LONG', `${sentenceCase(what)} has ${text.length} characters; at most ${max} are kept.`, path);
    return text;
  }

  /** A long text of HTML, as `text`, made safe; null too when it is markup around nothing. The limit holds for both its forms. */
  richText(value: string | null | undefined, path: Path, what: string, max = MAX_LONG_TEXT): string | null | undefined {
    const limits = { max, multiline: true };
    const known = this.errors.length;
    const text = this.text(value, path, what, limits);
    if (!text || this.errors.length > known) return text;
    const safe = safeRichText(text).trim();
    // entities are written out in the safe form: &#7; is a control character, and & has grown to &amp;
    return showsNothing(safe) ? null : this.text(safe, path, what, limits);
  }

  /** A text that must be there: REQUIRED when null or empty; undefined only when absent and `optional` (a patch leaves it). */
  requiredText(
    value: string | null | undefined,
    path: Path,
    what: string,
    options: { max?: number; multiline?: boolean } = {},
  ): string {
    const text = this.text(value ?? null, path, what, options);
    if (text == null) this.add('REQUIRED', `${sentenceCase(what)} is missing.`, path);
    return text ?? '';
  }

  /** The uuid in a global id of that type; NOT_FOUND, and an id that nothing has, when it is none. */
  id(type: string, value: string, path: Path): string {
    const uuid = uuidOf(type, value);
    if (uuid !== null) return uuid;
    this.notFound(type, value, path);
    return NOBODY;
  }

  notFound(type: string, value: string, path: Path): void {
    this.add(
      'NOT_FOUND',
      `There is no ${type} ${isUuid(value) ? value : JSON.stringify(value.slice(0, 100))} that you may see.`,
      path,
    );
  }

  /** A web address given by a user: http or https only. */
  webAddress(value: string | null | undefined, path: Path, what: string): string | null | undefined {
    const text = this.text(value, path, what, { max: 2_000 });
    if (!text) return text;
    const url = URL.parse(text);
    if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
      this.add(
        'INVALID',
        `${sentenceCase(what)} is not an http or https address: ${JSON.stringify(text.slice(0, 100))}.`,
        path,
      );
    return text;
  }
}

/** No row has this id. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';
