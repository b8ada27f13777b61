/** A ready-made kind of correspondence to make a tool from. */
export interface ToolTemplate {
  key: string;
  title: string;
  abbreviation: string;
  adminsSeePrivateItems: boolean;
}

const template = (title: string, abbreviation: string): ToolTemplate => ({
  key: title.toLowerCase().replaceAll(' ', '_'),
  title,
  abbreviation,
  adminsSeePrivateItems: true,
});

/** All of them, by title (domain.md 2, GenericTool). */
export const TOOL_TEMPLATES: readonly ToolTemplate[] = [
  template('Addendum', 'ADD'),
  template('Bulletin', 'B'),
  template('Change Request', 'CR'),
  template('Client Instruction', 'CI'),
  template('Extension of Time', 'EOT'),
  template('General Correspondence', 'GC'),
  template('Letters', 'L'),
  template('Notice of Delay', 'NOD'),
  template('Notice to Proceed', 'NTP'),
  template('Notification of Backcharge', 'NOB'),
  template('Site Instruction', 'SI'),
];
