import type { Story } from '../story.ts';

/** Basic Correspondence in the other project, brought over from the system that it was written in. */
export const garage: Story[] = [
  {
    tool: 'basic',
    project: 'garage',
    externalId: 'PKG-0007',
    by: 'oscar',
    day: -24,
    title: 'Ramp gradient at the exit barrier',
    text: 'The last five meters before the barrier should not exceed 4 percent, or cars roll back while drivers pay.',
    status: 'Open',
    private: false,
    to: ['architect'],
    due: -11,
    after: [
      {
        by: 'architect',
        day: -19,
        answer: 'The barrier moves three meters up the ramp, where the gradient is 3 percent.',
        official: true,
      },
      { by: 'oscar', day: -18, change: { status: 'Agreed' } },
    ],
  },
  {
    tool: 'basic',
    project: 'garage',
    externalId: 'PKG-0011',
    by: 'architect',
    day: -7,
    title: 'Number of charging points',
    text: 'The city asks for 20 percent of all stalls instead of 10. Please check the transformer.',
    status: 'Open',
    private: true,
    to: ['oscar'],
    due: 10,
    cost: 'YES_UNKNOWN',
  },
];
