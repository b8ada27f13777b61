import type { StatusCategory } from '../tool/tool.policy.ts';

// Mail programs heed styles within elements; those of the head only some, which then can turn to the dark. Contrast of all texts on
// their grounds is 4.5 or more, light and dark (WCAG 2.2 AA).
const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const BREAKS = 'overflow-wrap:anywhere;word-break:break-word';

/** Styles by what they are for; each has a class of the same name for the dark. */
export const STYLE = {
  page: `margin:0;padding:0;background-color:#eef1f5;${FONT}`,
  card: 'background-color:#ffffff;border:1px solid #d9dfe7;border-radius:10px',
  ink: `color:#1c2733;font-size:15px;line-height:22px;${FONT};${BREAKS}`,
  small: `color:#52606d;font-size:13px;line-height:19px;${FONT};${BREAKS}`,
  tiny: `color:#5b6774;font-size:12px;line-height:18px;${FONT};${BREAKS}`,
  title: `color:#1c2733;font-size:20px;line-height:27px;font-weight:600;margin:0;${FONT};${BREAKS}`,
  link: 'color:#1a56c4;text-decoration:underline',
  line: 'border-top:1px solid #e3e8ee',
  quote: 'background-color:#f5f7fa;border-left:3px solid #9fb3c8',
  added: 'color:#1c2733;font-weight:600',
  removed: 'color:#52606d;text-decoration:line-through',
  late: 'color:#b42318;font-weight:600',
  button: `background-color:#1a56c4;color:#ffffff;font-size:15px;line-height:20px;font-weight:600;text-decoration:none;${FONT}`,
} as const;

const PILLS: Record<'open' | 'won' | 'lost' | 'rest', string> = {
  open: 'background-color:#dbe9fe;color:#1a3f8f',
  won: 'background-color:#d9f2e3;color:#14532d',
  lost: 'background-color:#fde4e1;color:#7f1d1d',
  rest: 'background-color:#e4e9ef;color:#33404d',
};

/** The class of a status, and how it is shown. */
export function pillOf(category: StatusCategory): { name: string; style: string } {
  const kind =
    category === 'OPEN'
      ? 'open'
      : category === 'CLOSED_SUCCESSFUL'
        ? 'won'
        : category === 'CLOSED_UNSUCCESSFUL'
          ? 'lost'
          : 'rest';
  return { name: kind, style: `${PILLS[kind]};border-radius:10px;padding:2px 9px;font-weight:600;font-size:12px` };
}

/** What the head says of the dark, and of narrow screens. */
export const SHEET = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
a{word-break:break-word}
@media (max-width:480px){.pad{padding-left:18px!important;padding-right:18px!important}}
@media (prefers-color-scheme:dark){
.page{background-color:#11161d!important}
.card{background-color:#1b232d!important;border-color:#323d4a!important}
.ink,.title,.added{color:#eef2f6!important}
.small,.tiny,.removed{color:#aab7c4!important}
.link{color:#8ab8ff!important}
.line{border-color:#323d4a!important}
.quote{background-color:#232d39!important;border-color:#5b7187!important}
.late{color:#ff9c8f!important}
.open{background-color:#1d3a6e!important;color:#d6e6ff!important}
.won{background-color:#17482c!important;color:#d3f5e0!important}
.lost{background-color:#5c1f1b!important;color:#ffdfdb!important}
.rest{background-color:#35414e!important;color:#e2e8ee!important}
}`;
