import { builder } from '../graph/builder.ts';
import { CustomField } from '../tool/customField.graph.ts';
import { customValueInGraph } from '../tool/customValue.policy.ts';
import { Item } from './item.graph.ts';
import { customFieldsOf, displayedValue, type ShownValue } from './item.shownValues.ts';

const CustomFieldValue = builder.objectRef<ShownValue>('CustomFieldValue').implement({
  description: 'What an item has in a custom field.',
  fields: (t) => ({
    customField: t.field({ type: CustomField, description: 'The field.', resolve: ({ field }) => field }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The value as it is written too: see CustomFieldType. null: none.',
      resolve: ({ field, value }) => customValueInGraph(field.dataType, value),
    }),
    displayValue: t.string({
      description:
        'The value as screens show it: names, the path of a location, rich text as plain text, "Yes" and "No"; empty when there is none.',
      resolve: (shown, _args, context) => displayedValue(context, shown),
    }),
  }),
});

builder.objectField(Item, 'customFields', (t) =>
  t.field({
    type: [CustomFieldValue],
    description:
      'The custom fields of its fieldset, in its order, with or without a value; of those that are hidden or out of use only such as ' +
      'have one. Values of fields that the fieldset no longer has are kept, and shown when it has them again.',
    resolve: (item, _args, context) => customFieldsOf(context, item),
  }),
);
