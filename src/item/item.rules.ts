import { batch } from '../database/loader.ts';
import type { Context } from '../graph/context.ts';
import { loadFieldRules } from '../tool/fieldset.queries.ts';

/** Whether the fieldset of a tool in a project hides responses; keys are "project tool". */
export const responsesHidden = batch<Context, string, boolean>(async ({ db }, places) => {
  const pairs = places.map((place) => place.split(' '));
  const rules = await loadFieldRules(
    db,
    pairs.map(([projectId]) => projectId!),
    pairs.map(([, toolId]) => toolId!),
  );
  return new Map(places.map((place) => [place, rules.get(place)?.RESPONSES.visible === false]));
});
