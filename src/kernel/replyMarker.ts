/**
 * The line above which an answer is written, in mail that can be answered: what stands below it is what we said, in whichever way a
 * mail program quotes it. ASCII, short enough to be wrapped by none, and nothing that a person would type.
 */
export const REPLY_MARKER = '##- Reply above this line -##';
