import type { Outcome } from './delivery.policy.ts';

/** What nodemailer tells of an attempt that failed. */
export interface SmtpError {
  code?: string;
  /** the command that it was at */
  command?: string;
  responseCode?: number;
  /** what the server said */
  response?: string;
  /** what the system said, such as ECONNREFUSED */
  originalCode?: string;
}

// what has to do with sign-in and with TLS, at whatever command: 454 TLS not available, 530 authentication or STARTTLS required,
// 534 and 538 of mechanisms, 535 credentials (RFC 4954, RFC 3207)
const OF_SIGN_IN = new Set([454, 530, 534, 535, 538]);
const TOO_LARGE = 552;
const NETWORK = new Set(['ECONNECTION', 'ESOCKET', 'EDNS', 'EPROXY']);
const OF_NETWORK = /^(E[A-Z]+|UND_.*|ENOTFOUND|EAI_.*)$/;

const noServer = (words: string): Outcome => ({ kind: 'NO_SERVER', words });

/**
 * What became of an attempt that failed; null when it is no matter of mail at all, but a fault of ours. A refusal (5xx) of the
 * recipient or of the message is for good. One of our sign-in, our TLS or our sender is not: all mail would fail for a setting.
 * The words are for whoever sees the delivery: those of the server about this mail, and ours where its words would be about us.
 */
export function outcomeOf({
  code = '',
  command = '',
  responseCode = 0,
  response = '',
  originalCode,
}: SmtpError): Outcome | null {
  if (
    code === 'EAUTH' ||
    code === 'ENOAUTH' ||
    code === 'EOAUTH2' ||
    (OF_SIGN_IN.has(responseCode) && command !== 'DATA')
  )
    return noServer('The mail server refuses our sign-in, or wants one.');
  if (
    code === 'ETLS' ||
    code === 'EREQUIRETLS' ||
    (code === 'ESOCKET' && originalCode && !OF_NETWORK.test(originalCode))
  )
    return noServer('There is no secure connection to the mail server.');
  if (code === 'ETIMEDOUT' || code === 'EABORT') return noServer('The mail server does not answer in time.');
  if (NETWORK.has(code)) return noServer('The mail server cannot be reached, or broke off.');
  if (responseCode === 421) return noServer(response);
  if (code === 'EPROTOCOL') return noServer('The mail server takes no mail.');
  if (command === 'MAIL FROM' && responseCode >= 500 && responseCode !== TOO_LARGE) return noServer(response);
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return null;
  if (responseCode === 0)
    return { kind: 'REFUSED', words: 'The mail server takes no mail of that size, or to such an address.' };
  // 503 is about the order of commands: on another connection it may pass
  return { kind: responseCode >= 500 && responseCode !== 503 ? 'REFUSED' : 'PUT_OFF', words: response };
}
