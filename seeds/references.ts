import type { ReferenceInput } from '../src/sync/sync.input.ts';

type Reference = Omit<ReferenceInput, 'projectExternalId' | 'externalId'>;

const location = (...path: string[]): Reference => ({ kind: 'LOCATION', name: path.at(-1)!, path: path.join('>') });

/** What items of the library refer to, by external id: rooms, trades, and the lists that its costs and schedule go by. */
export const REFERENCES = {
  reception: location('Level 1', 'Reception'),
  storyRoom: location('Level 1', 'Story Hour Room'),
  readingRoom: location('Level 2', 'Reading Room'),
  room203: location('Level 2', 'Room 203'),
  room204: location('Level 2', 'Room 204'),
  roof: location('Roof'),
  millworkCost: { kind: 'COST_CODE', code: '06-400', name: 'Architectural woodwork' },
  boardCost: { kind: 'COST_CODE', code: '09-250', name: 'Gypsum board' },
  millworkSection: { kind: 'SPECIFICATION_SECTION', code: '06 41 00', name: 'Architectural Wood Casework' },
  carpetSection: { kind: 'SPECIFICATION_SECTION', code: '09 68 13', name: 'Tile Carpeting' },
  fitOut: { kind: 'SUB_JOB', code: 'FO', name: 'Fit-out' },
  millwork: { kind: 'TRADE', name: 'Millwork' },
  flooring: { kind: 'TRADE', name: 'Flooring' },
  drywall: { kind: 'TRADE', name: 'Drywall' },
  plumbing: { kind: 'TRADE', name: 'Plumbing' },
  deskTask: { kind: 'TASK', code: 'A1180', name: 'Install reception desk' },
  carpetTask: { kind: 'TASK', code: 'A1240', name: 'Lay carpet tile, level 2' },
} as const satisfies Record<string, Reference>;
export type ReferenceKey = keyof typeof REFERENCES;
